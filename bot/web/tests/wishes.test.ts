// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChatSession } from '../widget/session/session'
import { TYPING_IDLE, TYPING_PAUSE } from '../widget/session/typing'
import { BOT, Service } from './service'

let service: Service
let sessions: ChatSession[]

function newSession(): ChatSession {
  const session = new ChatSession()
  sessions.push(session)
  return session
}

async function connected(): Promise<ChatSession> {
  const session = newSession()
  session.start(service.origin)
  await online(session)
  return session
}

const online = (session: ChatSession) =>
  vi.waitFor(() => {
    expect(session.link.value).toBe('online')
  }, 5_000)
const texts = (session: ChatSession) => session.entries.value.map(({ text }) => text)
const deliveries = (session: ChatSession) => session.entries.value.map(({ delivery }) => delivery)

beforeEach(async () => {
  localStorage.clear()
  sessions = []
  service = await Service.start()
})
afterEach(async () => {
  vi.useRealTimers()
  for (const session of sessions) session.stop()
  await service.stop()
})

test('an own line counts as read when the other side has seen it, and that is never taken back', async () => {
  const session = await connected()
  session.send({ text: 'one' })
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['sent'])
  })
  service.tell('visitor-1', 'seen', { by: 'staff', seq: 1 })
  await vi.waitFor(() => {
    expect(session.state.value.staff_seen).toBe(1)
  })
  service.tell('visitor-1', 'state', { ...BOT, owner: 'agent', staff_seen: 0 })
  await vi.waitFor(() => {
    expect(session.state.value.owner).toBe('agent')
  })
  expect(session.state.value.staff_seen).toBe(1)
})

test('what was seen is told, and told again after a reconnection', async () => {
  const session = await connected()
  service.post('visitor-1', { role: 'agent', text: 'a' })
  await vi.waitFor(() => {
    expect(session.unread.value).toBe(1)
  })
  session.markSeen()
  await vi.waitFor(() => {
    expect(service.signals).toEqual([['seen', 1]])
  })
  service.cut()
  await vi.waitFor(() => {
    expect(service.signals).toHaveLength(2)
  }, 5_000)
})

test('the own typing is told seldom, ends by itself, and ends with the message', async () => {
  const session = await connected()
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
  session.touched()
  session.touched()
  vi.advanceTimersByTime(TYPING_PAUSE)
  session.touched()
  vi.advanceTimersByTime(TYPING_IDLE)
  session.touched()
  session.send({ text: 'one' })
  await vi.waitFor(() => {
    expect(service.signals.map(([, on]) => on)).toEqual([true, true, false, true, false])
  })
  session.send({ text: 'not typed' })
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['sent', 'sent'])
  })
  expect(service.signals).toHaveLength(5)
})

test('offline nothing is told, and wishes fail at once instead of coming late', async () => {
  const session = await connected()
  window.dispatchEvent(new Event('offline'))
  session.touched()
  await expect(session.wishes.orders()).rejects.toThrow()
  window.dispatchEvent(new Event('online'))
  await online(session)
  expect(service.signals).toEqual([])
})

test('orders are the own ones; what the service refuses is a failure', async () => {
  service.orders = [{ type: 'order', title: 'cup', ref: '1' }]
  const session = await connected()
  expect(await session.wishes.orders()).toMatchObject({ identified: false, orders: [] })
  session.identify('lin')
  await online(session)
  expect(await session.wishes.orders()).toMatchObject({ identified: true, orders: [{ ref: '1' }] })
  await expect(session.wishes.deletion()).rejects.toThrow('too_many')
})

test('a chosen order and a product travel with their message and are shown at once', async () => {
  const session = await connected()
  session.send({ text: '', order_no: '1', cards: [{ type: 'order', title: 'cup', ref: '1' }] })
  session.send({ text: '', product: { sku: 'MUG' } })
  expect(session.entries.value[0]?.cards).toHaveLength(1)
  await vi.waitFor(() => {
    expect(service.received).toMatchObject([{ order_no: '1' }, { product: { sku: 'MUG' } }])
  })
  expect(service.received[0]).not.toHaveProperty('cards')
})

test('a survey can be answered once or passed by', async () => {
  service.survey = { id: 's', bot: true, agent: null, tags: [] }
  const session = await connected()
  expect(session.wishes.survey.value?.id).toBe('s')
  await session.wishes.rate({ id: 's', bot: 4 })
  expect(session.wishes.survey.value).toBeNull()
  expect(service.ratings).toEqual([{ id: 's', bot: 4 }])
  service.tell('visitor-1', 'survey', { id: 't', bot: true, agent: { name: 'A' }, tags: [] })
  await vi.waitFor(() => {
    expect(session.wishes.survey.value?.id).toBe('t')
  })
  session.wishes.skipSurvey()
  expect(session.wishes.survey.value).toBeNull()
})

test('who goes on talking after the end is not asked meanwhile, who was asked in the middle still is', async () => {
  const session = await connected()
  service.tell('visitor-1', 'survey', { id: 's', bot: true, agent: null, tags: [] })
  await vi.waitFor(() => {
    expect(session.wishes.survey.value).not.toBeNull()
  })
  session.send({ text: 'one' })
  expect(session.wishes.survey.value).not.toBeNull()
  await session.wishes.end()
  await vi.waitFor(() => {
    expect(session.state.value.owner).toBe('closed')
  })
  session.send({ text: 'two' })
  expect(session.wishes.survey.value).toBeNull()
})

test('the transcript has every page', async () => {
  for (let number = 1; number <= 70; number += 1) service.post('visitor-1', { role: 'bot', text: String(number) })
  const session = await connected()
  const told = await session.wishes.transcript()
  expect(told.map(({ text }) => text)).toEqual(Array.from({ length: 70 }, (_, index) => String(index + 1)))
})

test('the page hears what happens, and no more once it has stopped listening', async () => {
  const session = newSession()
  const heard: string[] = []
  session.events.on('ready', () => heard.push('ready'))
  session.events.on('owner', (owner) => heard.push(String(owner)))
  const stop = session.events.on('message', () => heard.push('message'))
  session.start(service.origin)
  await online(session)
  service.post('visitor-1', { role: 'bot', text: 'a' })
  await session.wishes.end()
  stop()
  service.post('visitor-1', { role: 'bot', text: 'b' })
  await vi.waitFor(() => {
    expect(texts(session)).toEqual(['a', 'b'])
  })
  expect(heard).toEqual(['ready', 'message', 'closed'])
})
