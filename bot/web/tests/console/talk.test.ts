import { describe, expect, test } from 'vitest'
import { displayed } from '../../console/desk/display'
import { merge, withPending, type Entry } from '../../console/desk/timeline'
import type { Message } from '../../console/protocol'
import { dayHeading, remaining, shortMoment } from '../../console/time'
import { texts } from '../../console/texts'

const at = (minute: number, day = 1): string => `2026-05-0${day}T10:${String(minute).padStart(2, '0')}:00+08:00`
const message = (seq: number, more: Partial<Message> = {}): Message => ({ seq, role: 'customer', text: `m${seq}`, at: at(seq), ...more })
const said = (entries: Entry[]): string[] => entries.map(({ text }) => text)

describe('merging', () => {
  test('orders by number and shows each line once, whatever comes when', () => {
    expect(said(merge(merge([], [message(3), message(1)]), [message(2), message(3)]))).toEqual(['m1', 'm2', 'm3'])
  })

  test('an own line whose echo came is not shown a second time as pending', () => {
    const pending = { conversation_id: 'a', client_id: 'c', text: 'hi', at: at(9), after: 1, attachments: [] }
    const entries = merge([], [message(1), message(2, { role: 'agent', text: 'hi', client_id: 'c' })])
    expect(said(withPending(entries, [pending]))).toEqual(['m1', 'hi'])
  })

  test('a line that failed keeps its place when others follow', () => {
    const failed = { conversation_id: 'a', client_id: 'c', text: 'hi', at: at(1), after: 1, attachments: [], failure: 'too_many' }
    expect(said(withPending(merge([], [message(1), message(2)]), [failed]))).toEqual(['m1', 'hi', 'm2'])
  })
})

describe('the conversation as it is read', () => {
  const entries = merge([], [message(1), message(2), message(9), message(10, { role: 'agent', name: 'Bo' }), message(11, { at: at(1, 2) })])

  test('names who speaks again after another, after silence, and on a new day', () => {
    const heads = displayed(entries, [], null).map((item) => item.kind === 'line' && item.head)
    expect(heads).toEqual([true, false, true, true, true])
  })

  test('has one heading a day, notes between by time, and one mark before what is new', () => {
    const note = { id: 1, author: 'Bo', text: 'note', at: at(5) }
    const items = displayed(entries, [note], 10)
    expect(items.map(({ kind }) => kind)).toEqual(['line', 'line', 'note', 'line', 'line', 'line'])
    expect(items.map(({ day }) => day !== null)).toEqual([true, false, false, false, false, true])
    expect(items.map(({ fresh }) => fresh)).toEqual([false, false, false, false, true, false])
  })

  test('keeps the keys of what is there when older lines come in', () => {
    const later = displayed(entries.slice(2), [], null).map(({ key }) => key)
    const all = displayed(entries, [], null).map(({ key }) => key)
    expect(all.slice(2)).toEqual(later)
  })
})

describe('times', () => {
  const now = Date.parse(at(0, 3))

  test('are the clock today, and the date before', () => {
    expect(shortMoment(at(7, 3), now)).toBe('10:07')
    expect(shortMoment(at(7, 2), now)).toBe(texts.time.shortYesterday)
    expect(shortMoment(at(7, 1), now)).toBe('05-01')
    expect(dayHeading(at(0, 3), now)).toBe(texts.time.today)
  })

  test('of a deadline count down, then up', () => {
    expect(remaining(at(30, 3), now)).toMatchObject({ late: false, soon: true })
    expect(remaining(at(30, 3), now).text).toContain('00:30:00')
    expect(remaining(at(30, 1), now)).toMatchObject({ late: true, soon: false })
  })
})
