// @vitest-environment happy-dom
// @vitest-environment-options { "settings": { "fetch": { "disableSameOriginPolicy": true } } }
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Api } from '../../console/api'
import { Desk } from '../../console/desk/desk'
import { Session } from '../../console/desk/session'
import { latestSeq } from '../../console/desk/timeline'
import type { Ticket } from '../../console/protocol'
import { DeskService, ME, row } from './desk-service'

let service: DeskService
let desk: Desk

const until = (holds: () => void, timeout = 5_000): Promise<void> => vi.waitFor(holds, { timeout, interval: 20 })
const shown = (): string[] => desk.talk.lines.value.map(({ text }) => text)
const online = (): Promise<void> =>
  until(() => {
    expect(desk.link.value).toBe('online')
  })
const write = (text: string): void => {
  desk.outbox.send('a', text, [], latestSeq(desk.talk.entries.value))
}

beforeEach(async () => {
  localStorage.clear()
  sessionStorage.clear()
  service = await DeskService.start()
  service.put(row('a', { owner: 'agent', agent: ME }))
  const api = new Api(service.origin)
  const session = new Session(api)
  await session.start()
  desk = new Desk(api, session)
  desk.clock.start()
  desk.resume()
  await online()
})

afterEach(async () => {
  desk.connection.close()
  desk.clock.stop()
  await service.stop()
})

describe('an open conversation', () => {
  test('shows its last page, and older lines when they are asked for', async () => {
    for (let count = 1; count <= 120; count++) service.messagesOf('a').push({ seq: count, role: 'customer', text: `m${count}`, at: '2026-05-01T10:00:00+08:00' })
    await desk.open('a')
    expect([shown().length, shown()[0], desk.talk.hasMore.value]).toEqual([50, 'm71', true])
    await desk.talk.loadOlder()
    await desk.talk.loadOlder()
    expect([shown().length, shown()[0], desk.talk.hasMore.value]).toEqual([120, 'm1', false])
  })

  test('marks what may not have arrived, until it has', async () => {
    await desk.open('a')
    service.tell('delivery', { conversation_id: 'a', seq: 7, status: 'unknown' })
    service.tell('delivery', { conversation_id: 'a', seq: 8, status: 'waiting' })
    await until(() => {
      expect(desk.talk.detail.value).toMatchObject({ undelivered: 2, delivery: { 7: 'unknown', 8: 'waiting' } })
    })
    service.tell('delivery', { conversation_id: 'a', seq: 7, status: 'sent' })
    await until(() => {
      expect(desk.talk.detail.value).toMatchObject({ undelivered: 1, delivery: { 8: 'waiting' } })
    })
  })

  test('has no gap after the connection was broken for hundreds of lines', async () => {
    await desk.open('a')
    service.post('a', { role: 'customer', text: 'before' })
    await until(() => {
      expect(shown()).toEqual(['before'])
    })
    service.cut()
    const missed = Array.from({ length: 230 }, (_, place) => `missed ${place}`)
    for (const text of missed) service.post('a', { role: 'customer', text })
    await until(() => {
      expect(shown()).toEqual(['before', ...missed])
    })
  })

  test('asks again for a page that could not be fetched, and has no gap before what was told meanwhile', async () => {
    await desk.open('a')
    service.post('a', { role: 'customer', text: 'before' })
    await until(() => {
      expect(shown()).toEqual(['before'])
    })
    service.cut()
    const missed = Array.from({ length: 120 }, (_, place) => `missed ${place}`)
    for (const text of missed) service.post('a', { role: 'customer', text })
    service.failingPages = 1
    await until(() => {
      expect(desk.talk.problem.value).toBe('unreachable')
    })
    service.post('a', { role: 'customer', text: 'meanwhile' })
    await until(() => {
      expect(shown()).toEqual(['before', ...missed, 'meanwhile'])
    }, 6_000)
  }, 15_000)

  test('knows a ticket that was opened while its details were on their way', async () => {
    const opened: Ticket = { id: 'T1', type: 'message', status: 'open', level: 'normal', level_reason: '', priority: 'normal', stage: '', missing_fields: [], reopened: 0, parent_id: null, payment: 'none', result_confirmed_at: null, order_no: null, items: [], amount: null, freight_payer: 'none', reason: '', evidence_count: 0, rule_ids: [], created_at: '2026-05-01T10:00:00+08:00', due_at: null, conversation_id: 'a' }
    service.beforeDetail = () => {
      service.beforeDetail = () => undefined
      service.opened.push(opened)
      service.tell('ticket', { conversation_id: 'a', ticket: opened })
    }
    await desk.open('a')
    await until(() => {
      expect(desk.talk.detail.value?.tickets).toEqual([opened])
    })
  })

  test('is told to the service again after the connection came back', async () => {
    await desk.open('a')
    service.cut()
    await until(() => {
      expect(service.viewed).toEqual(['a', 'a'])
    })
  })

  test('takes news of its row, and of no other', async () => {
    await desk.open('a')
    service.tell('row', row('b', { matter: 'other' }))
    service.tell('row', row('a', { owner: 'closed' }))
    await until(() => {
      expect(desk.talk.detail.value).toMatchObject({ owner: 'closed', matter: null })
    })
  })
})

describe('an own line', () => {
  test('is shown at once and once, whatever comes first: echo or answer', async () => {
    await desk.open('a')
    write('hello')
    expect(desk.talk.lines.value).toMatchObject([{ text: 'hello', delivery: 'sending' }])
    await until(() => {
      expect(desk.talk.lines.value).toMatchObject([{ text: 'hello', delivery: 'sent', seq: 1 }])
    })
    expect(desk.outbox.pending.value).toEqual([])
  })

  test('arrives exactly once when the connection breaks before the answer', async () => {
    await desk.open('a')
    service.breakBeforeAnswer = true
    write('once')
    await until(() => {
      expect(desk.outbox.pending.value).toEqual([])
      expect(shown()).toEqual(['once'])
    })
    expect(service.messagesOf('a')).toHaveLength(1)
  })

  test('keeps its order among others through many broken connections', async () => {
    await desk.open('a')
    const texts = Array.from({ length: 20 }, (_, place) => `line ${place}`)
    for (const [place, text] of texts.entries()) {
      service.breakBeforeAnswer = place % 4 === 0
      write(text)
      if (place % 7 === 3) service.cut()
      await new Promise((later) => setTimeout(later, 15))
    }
    await vi.waitFor(
      () => {
        expect(service.messagesOf('a').map(({ text }) => text)).toEqual(texts)
        expect(shown()).toEqual(texts)
      },
      { timeout: 15_000, interval: 50 },
    )
  }, 20_000)

  test('that is refused says so, and is sent again under its old id', async () => {
    await desk.open('a')
    service.refuse = () => true
    write('again')
    await until(() => {
      expect(desk.talk.lines.value).toMatchObject([{ delivery: 'failed', failure: 'not_yours' }])
    })
    service.refuse = () => false
    desk.outbox.retry(desk.talk.lines.value[0]?.key ?? '', 0)
    await until(() => {
      expect(desk.talk.lines.value).toMatchObject([{ delivery: 'sent' }])
    })
    expect(new Set(service.received.map(({ client_id }) => client_id)).size).toBe(1)
  })
})

describe('the next in line', () => {
  test('is the one after when a colleague was faster', async () => {
    const since = '2026-05-01T10:00:00+08:00'
    service.put(row('b', { priority: 1, waiting_since: since }), row('c', { waiting_since: since }))
    service.taken.add('b')
    await desk.rows.refresh()
    expect(await desk.acceptNext()).toBe('c')
    expect(desk.rows.known.value.get('c')).toMatchObject({ owner: 'agent', agent: { id: ME.id } })
  })

  test('is nobody when nobody waits', async () => {
    expect(await desk.acceptNext()).toBeNull()
  })
})

describe('an expired session', () => {
  test('asks for the password, keeps the conversation, and goes on', async () => {
    await desk.open('a')
    service.loggedIn = false
    await desk.rows.refresh()
    expect(desk.session.state.value).toBe('expired')
    expect(desk.talk.id.value).toBe('a')
    await expect(desk.session.login('me@shop.local', 'wrong')).rejects.toMatchObject({ status: 401 })
    await desk.session.login('me@shop.local', 'right')
    await desk.rows.refresh()
    expect([desk.session.state.value, desk.rows.failed.value]).toEqual(['in', false])
  })
})

test('a row that was told while a page was under way is newer than the page', async () => {
  service.put(row('b', { matter: 'old' }))
  const refreshed = desk.rows.refresh()
  desk.rows.upsert(row('b', { matter: 'new' }))
  desk.rows.remove('a')
  await refreshed
  expect(desk.rows.known.value.get('b')).toMatchObject({ matter: 'new' })
  expect(desk.rows.known.value.has('a')).toBe(false)
})

test('one agent\'s unsent lines do not go out in another\'s name', () => {
  desk.connection.close()
  write('mine')
  desk.outbox.belongTo(2)
  expect(desk.outbox.pending.value).toEqual([])
})
