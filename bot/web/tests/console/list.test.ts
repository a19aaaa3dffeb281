import { describe, expect, test } from 'vitest'
import { Api } from '../../console/api'
import { Alerts } from '../../console/desk/alerts'
import { Clock } from '../../console/desk/clock'
import { Rows } from '../../console/desk/rows'
import { arranged, nextInLine } from '../../console/desk/sorting'
import { bandOf, clockFace, waitedSeconds } from '../../console/desk/waiting'
import { row } from './desk-service'

const at = (seconds: number): string => new Date(seconds * 1000).toISOString()
const ids = (rows: { id: string }[]): string[] => rows.map(({ id }) => id)

describe('the list', () => {
  test('puts the longest waiting first within their urgency, and who does not wait behind', () => {
    const rows = [
      row('talks', { owner: 'bot', last: { role: 'bot', text: '', at: at(90) } }),
      row('late', { waiting_since: at(50) }),
      row('vip', { waiting_since: at(60), priority: 2 }),
      row('early', { waiting_since: at(10) }),
      row('answered', { owner: 'agent', agent: { id: 1, name: '' }, last: { role: 'agent', text: '', at: at(95) } }),
    ]
    expect(ids(arranged(rows, 'all', 1))).toEqual(['vip', 'early', 'late', 'answered', 'talks'])
  })

  test('shows in each tab what belongs there', () => {
    const rows = [row('q'), row('m', { owner: 'agent', agent: { id: 1, name: '' } }), row('o', { owner: 'agent', agent: { id: 2, name: '' } }), row('x', { owner: 'closed' })]
    expect(ids(arranged(rows, 'queue', 1))).toEqual(['q'])
    expect(ids(arranged(rows, 'mine', 1))).toEqual(['m'])
    expect(ids(arranged(rows, 'all', 1))).toHaveLength(3)
    expect(ids(arranged(rows, 'closed', 1))).toEqual(['x'])
  })

  test('offers next whoever is not promised to a colleague, and to me whoever is promised to me', () => {
    const promised = row('a', { waiting_since: at(1), reserved_for: 2, reserved_until: at(30) })
    const free = row('b', { waiting_since: at(2) })
    expect(nextInLine([promised, free], 1, 20_000)?.id).toBe('b')
    expect(nextInLine([promised, free], 2, 20_000)?.id).toBe('a')
    expect(nextInLine([promised, free], 1, 31_000)?.id).toBe('a')
  })
})

describe('waiting', () => {
  const limits = { amber: 30, red: 100 }

  test('is calm up to 30 seconds, amber up to 100, red from then on', () => {
    expect([0, 30, 31, 100, 101].map((seconds) => bandOf(seconds, limits))).toEqual(['calm', 'calm', 'amber', 'amber', 'red'])
  })

  test('counts only for those who wait for a person', () => {
    expect(waitedSeconds(row('a', { waiting_since: at(10) }), 75_900)).toBe(65)
    expect(waitedSeconds(row('a', { waiting_since: at(10), owner: 'bot' }), 75_900)).toBeNull()
    expect(waitedSeconds(row('a'), 75_900)).toBeNull()
    expect(waitedSeconds(row('a', { waiting_since: at(90) }), 75_900)).toBe(0)
  })

  test('is written as a clock', () => {
    expect([7, 200, 3725].map(clockFace)).toEqual(['0:07', '3:20', '1:02:05'])
  })
})

describe('the alert for slow replies', () => {
  test('is one for all who wait too long in the queue or with me, the longest first', () => {
    const rows = new Rows(new Api())
    const clock = new Clock()
    const settings = { sendKey: 'enter', sound: false, title: false, desktop: false, amber: 30, red: 100 } as const
    const alerts = new Alerts(rows, clock, settings)
    rows.me.value = 1
    clock.now.value = 1_000_000
    rows.upsert(row('mine', { owner: 'agent', agent: { id: 1, name: '' }, waiting_since: at(800) }))
    rows.upsert(row('queued', { waiting_since: at(700) }))
    rows.upsert(row('fresh', { waiting_since: at(950) }))
    rows.upsert(row('other', { owner: 'agent', agent: { id: 2, name: '' }, waiting_since: at(100) }))
    expect(alerts.slow.value.map((late) => [late.row.id, late.seconds])).toEqual([['queued', 300], ['mine', 200]])
    rows.upsert(row('queued', { owner: 'closed' }))
    expect(alerts.slow.value.map((late) => late.row.id)).toEqual(['mine'])
    expect(alerts.waiting.value).toBe(2)
  })
})
