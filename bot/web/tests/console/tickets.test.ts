// @vitest-environment happy-dom
// @vitest-environment-options { "settings": { "fetch": { "disableSameOriginPolicy": true } } }
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Api } from '../../console/api'
import { Desk } from '../../console/desk/desk'
import { Session } from '../../console/desk/session'
import type { TicketFile } from '../../console/desk/ticket-files'
import { deedsFor, mergeable, whyNot } from '../../console/desk/ticket-may'
import { texts } from '../../console/texts'
import { DeskService, ME, row } from './desk-service'
import { clock, ticket } from './examples'

describe('an opened ticket', () => {
  let service: DeskService
  let desk: Desk
  const until = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 5_000, interval: 20 })
  const file = (id = 'T1'): TicketFile | undefined => desk.files.opened.value.get(id)

  beforeEach(async () => {
    service = await DeskService.start()
    service.put(row('a', { owner: 'agent', agent: ME }))
    service.tickets.set('T1', ticket('T1')).set('T2', ticket('T2'))
    service.clocks.set('T1', [clock()])
    const session = new Session(new Api(service.origin))
    await session.start()
    desk = new Desk(new Api(service.origin), session)
    desk.resume()
    await until(() => {
      expect(desk.online.value).toBe(true)
    })
    await desk.open('a')
    await desk.files.toggle('T1')
  })

  afterEach(async () => {
    desk.connection.close()
    await service.stop()
  })

  test('is fetched, the others are not, also when there is news of them', async () => {
    expect(file()?.clocks).toHaveLength(1)
    service.tell('ticket', { conversation_id: 'a', ticket: ticket('T2', { stage: 'calmed' }) })
    service.tell('ticket', { conversation_id: 'a', ticket: ticket('T1', { stage: 'calmed' }) })
    await until(() => {
      expect(service.asked).toEqual(['T1', 'T1'])
    })
  })

  test('follows the news of its clocks and its log', async () => {
    const event = { id: 1, kind: 'staff_note', actor: 'me', at: '2026-05-01T10:00:00+08:00', detail: { text: 'n' } }
    service.tickets.set('T1', ticket('T1', { events: [event] }))
    service.clocks.set('T1', [clock({ warned: ['0.50'] })])
    service.tell('clock', { conversation_id: 'a', clock: clock({ warned: ['0.50'] }) })
    await until(() => {
      expect(file()?.clocks[0]?.warned).toEqual(['0.50'])
      expect(file()?.details?.events).toEqual([event])
    })
  })

  test('learns what was missed when the connection comes back', async () => {
    service.tickets.set('T1', ticket('T1', { stage: 'calmed' }))
    service.cut()
    await until(() => {
      expect(file()?.details?.stage).toBe('calmed')
    })
  })

  test('says in words when it cannot be fetched', async () => {
    await desk.files.toggle('T9')
    expect(file('T9')).toMatchObject({ details: null, problem: texts.errors.byStatus['404'] })
  })
})

describe('what people may do with a ticket', () => {
  const done = { status: 'done', stage: 'tracked' }
  test.each([
    ['open', ticket('T1', { type: 'refund' }), ['report', 'note']],
    ['done', ticket('T1', done), ['solved', 'unsolved', 'reopen', 'reply', 'report', 'note']],
    ['confirmed', ticket('T1', { ...done, result_confirmed_at: '2026-05-01T10:00:00+08:00' }), ['reopen', 'reply', 'report', 'note']],
    ['rejected', ticket('T1', { status: 'rejected' }), ['reopen', 'reply', 'report', 'note']],
    ['withdrawn', ticket('T1', { status: 'withdrawn' }), ['note']],
    ['merged', ticket('T1', { status: 'withdrawn', parent_id: 'T2' }), ['note']],
  ])('%s', (_, one, deeds) => {
    expect(deedsFor(one, [one])).toEqual(deeds)
  })

  test('a ticket goes into an open one of the same type and order whose money is not on its way', () => {
    const one = ticket('T1', { order_no: 'A' })
    const same = ticket('T2', { order_no: 'A' })
    const others = [ticket('T3', { order_no: 'B' }), ticket('T4', { type: 'repair' }), ticket('T5', done), ticket('T6', { parent_id: 'T2' })]
    expect(mergeable(one, [one, same, ...others])).toEqual([same])
    expect(mergeable(ticket('T1', { payment: 'sent' }), [same])).toEqual([])
  })

  test('money is merged by those who decide over it', () => {
    const money = ticket('T1', { amount: '10.00' })
    expect(whyNot('merge', money, { online: true, decides: false })).toBe(texts.tickets.why.mergeRole)
    expect(whyNot('merge', money, { online: true, decides: true })).toBeNull()
    expect(whyNot('note', money, { online: false, decides: true })).toBe(texts.tickets.why.offline)
  })
})
