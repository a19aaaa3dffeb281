import { describe, expect, test } from 'vitest'
import type { Message } from '../widget/protocol'
import { accept, append, countUnread, earliestSeq, endsWithOffer, fail, latestSeq, merge, retry, settledOffers, type Entry } from '../widget/session/timeline'

const AT = '2026-05-01T10:00:00+08:00'
const message = (seq: number, more: Partial<Message> = {}): Message => ({ seq, role: 'bot', text: `m${seq}`, at: AT, ...more })
const texts = (entries: Entry[]): string[] => entries.map(({ text }) => text)
const shown = (...messages: Message[]): Entry[] => merge([], messages)

describe('merging', () => {
  test('orders by seq and shows each seq once, whatever comes when', () => {
    const entries = merge(shown(message(3), message(1)), [message(2), message(3), message(1)])
    expect(texts(entries)).toEqual(['m1', 'm2', 'm3'])
    expect([earliestSeq(entries), latestSeq(entries)]).toEqual([1, 3])
  })

  test('an echo takes the place of the pending message and keeps its key', () => {
    const pending = append(shown(message(1)), { text: 'hi' }, 'c1', AT)
    const entries = merge(pending, [message(2, { role: 'customer', text: 'hi', client_id: 'c1' })])
    expect(entries).toHaveLength(2)
    expect(entries[1]).toMatchObject({ key: 'c1', seq: 2, delivery: 'sent' })
  })

  test('an echo without a client id and a later acknowledgement end up as one message', () => {
    const pending = append([], { text: 'hi' }, 'c1', AT)
    const entries = accept(merge(pending, [message(1, { role: 'customer', text: 'hi' })]), 'c1', { ok: true, seq: 1, at: AT })
    expect(entries).toMatchObject([{ key: 'c1', seq: 1, delivery: 'sent' }])
  })

  test('acknowledged and then echoed is one message too', () => {
    const accepted = accept(append([], { text: 'hi' }, 'c1', AT), 'c1', { ok: true, seq: 5, at: AT })
    expect(merge(accepted, [message(5, { role: 'customer', text: 'hi', client_id: 'c1' })])).toHaveLength(1)
  })
})

describe('unsent messages', () => {
  test('keep their place when answers arrive, and move to the end when tried again', () => {
    const pending = append(append(shown(message(1)), { text: 'first' }, 'c1', AT), { text: 'second' }, 'c2', AT)
    const answered = merge(fail(pending, 'c1', 'too_many'), [message(2)])
    expect(texts(answered)).toEqual(['m1', 'first', 'second', 'm2'])
    expect(texts(retry(answered, 'c1'))).toEqual(['m1', 'second', 'm2', 'first'])
  })

  test('an accepted message can neither fail nor be tried again', () => {
    const accepted = accept(append([], { text: 'hi' }, 'c1', AT), 'c1', { ok: true, seq: 1, at: AT })
    expect(retry(fail(accepted, 'c1', 'too_many'), 'c1')).toEqual(accepted)
  })
})

test('only answers after the last one seen are unread', () => {
  const entries = shown(message(1), message(2, { role: 'customer' }), message(3, { role: 'system' }), message(4), message(5, { role: 'agent' }))
  expect(countUnread(entries, 1)).toBe(2)
  expect(countUnread(entries, 5)).toBe(0)
})

describe('offers', () => {
  const buttons = [
    { title: 'yes', payload: '/yes' },
    { title: 'no', payload: '/no' },
  ]
  const other = [{ title: 'a person', payload: '/human' }]
  const customer = (seq: number, text: string): Message => message(seq, { role: 'customer', text })

  test('a choice uses up the newest offer with that title', () => {
    const entries = shown(message(1, { buttons }), customer(2, 'a question'), message(3, { buttons }), customer(4, 'yes'))
    expect(settledOffers(entries).get('seq-3')).toBe('yes')
    expect(endsWithOffer(entries)).toBe(false)
  })

  test('cards count like buttons, and a pending choice already closes the offer', () => {
    const offer = shown(message(1, { cards: [{ type: 'solution', title: 'refund', payload: '/refund' }] }))
    const pending = append(offer, { text: 'refund', payload: '/refund' }, 'c1', AT)
    expect(settledOffers(pending)).toEqual(new Map([['seq-1', 'refund']]))
  })

  test('a card without a payload is no offer', () => {
    const looked = shown(message(1, { buttons }), message(2, { cards: [{ type: 'order', title: 'cup' }] }))
    expect(endsWithOffer(looked)).toBe(false)
    expect(settledOffers(looked)).toEqual(new Map())
  })

  test('an offer that was talked past stays open until the next one', () => {
    const passed = shown(message(1, { buttons }), customer(2, 'maybe'), message(3))
    expect(settledOffers(passed)).toEqual(new Map())
    expect(settledOffers(merge(passed, [message(4, { buttons })]))).toEqual(new Map([['seq-1', null]]))
  })

  test('several offers of one turn are open together', () => {
    const entries = shown(message(1, { buttons: other }), message(2, { buttons }))
    expect(settledOffers(entries)).toEqual(new Map())
    expect(endsWithOffer(entries)).toBe(true)
  })

  test('whoever takes over closes what the assistant offered', () => {
    const entries = shown(message(1, { buttons: other }), message(2, { buttons }), message(3, { role: 'system' }))
    expect(settledOffers(entries)).toEqual(new Map([['seq-1', null], ['seq-2', null]]))
  })
})
