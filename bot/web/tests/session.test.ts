// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ChatSession, MAX_TEXT } from '../widget/session/session'
import { TYPING_EXPIRY } from '../widget/session/typing'
import { Service } from './service'

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

test('the welcome fills the view, and the visitor is recognised the next time', async () => {
  service.post('visitor-1', { role: 'bot', text: 'hello' })
  const session = await connected()
  expect(texts(session)).toEqual(['hello'])
  expect(session.shopName.value).toBe('Shop')
  await connected()
  expect(service.handshakes).toEqual([
    { token: null, visitor: null },
    { token: null, visitor: 'visitor-1' },
  ])
})

test('an own message is shown at once and only once, though its echo and its acknowledgement both come back', async () => {
  const session = await connected()
  session.send({ text: 'one', payload: '/one' })
  expect(deliveries(session)).toEqual(['sending'])
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['sent'])
  })
  service.post('visitor-1', { role: 'bot', text: 'answer' })
  await vi.waitFor(() => {
    expect(texts(session)).toEqual(['one', 'answer'])
  })
  expect(service.received).toMatchObject([{ text: 'one', payload: '/one' }])
})

test('a refused message is marked and goes out again under the same id', async () => {
  const session = await connected()
  service.refuse = () => service.received.length === 1
  session.send({ text: 'one' })
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['failed'])
  })
  expect(session.entries.value[0]?.failure).toBe('too_many')
  session.resend(session.entries.value[0]?.key ?? '')
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['sent'])
  })
  const [first, second] = service.received
  expect(second).toEqual(first)
})

test('a message that the connection could not carry is refused here, and what follows still goes out', async () => {
  const session = await connected()
  session.send({ text: 'x'.repeat(MAX_TEXT + 1) })
  session.send({ text: 'short' })
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['failed', 'sent'])
  })
  expect(service.received.map(({ text }) => text)).toEqual(['short'])
})

test('what is written offline goes out once and in order when the network is back', async () => {
  const session = await connected()
  window.dispatchEvent(new Event('offline'))
  expect(session.link.value).toBe('offline')
  for (const text of ['one', 'two', 'three']) session.send({ text })
  expect(deliveries(session)).toEqual(['sending', 'sending', 'sending'])
  window.dispatchEvent(new Event('online'))
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['sent', 'sent', 'sent'])
  }, 5_000)
  expect(service.received.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
})

test('a message whose acknowledgement was lost is offered again under its id and shown once', async () => {
  const session = await connected()
  service.breakBeforeAnswer = true
  session.send({ text: 'one' })
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['sent'])
  }, 5_000)
  await online(session)
  expect(texts(session)).toEqual(['one'])
  expect(service.messagesOf('visitor-1')).toHaveLength(1)
  expect(new Set(service.received.map(({ client_id }) => client_id)).size).toBe(1)
})

test('a message that is on its way when the session stops waits for the next start', async () => {
  const session = await connected()
  session.send({ text: 'one' })
  session.stop()
  await new Promise((later) => setTimeout(later, 50))
  expect(deliveries(session)).toEqual(['sending'])
  session.start(service.origin)
  await vi.waitFor(() => {
    expect(deliveries(session)).toEqual(['sent'])
  }, 5_000)
  expect(service.messagesOf('visitor-1')).toHaveLength(1)
})

test('a message that is told while the welcome is on its way is not lost', async () => {
  service.post('visitor-1', { role: 'bot', text: '1' })
  const session = await connected()
  service.beforeWelcome = (sender) => {
    service.beforeWelcome = () => undefined
    service.post(sender, { role: 'agent', text: '2' })
  }
  service.cut()
  await vi.waitFor(() => {
    expect(service.handshakes).toHaveLength(2)
    expect(texts(session)).toEqual(['1', '2'])
  }, 5_000)
  service.post('visitor-1', { role: 'agent', text: '3' })
  await vi.waitFor(() => {
    expect(texts(session)).toEqual(['1', '2', '3'])
  })
})

test('messages missed while the connection was down are filled in without a gap', async () => {
  service.post('visitor-1', { role: 'bot', text: '1' })
  const session = await connected()
  window.dispatchEvent(new Event('offline'))
  for (let number = 2; number <= 100; number += 1) service.post('visitor-1', { role: 'agent', text: String(number) })
  window.dispatchEvent(new Event('online'))
  await vi.waitFor(() => {
    expect(texts(session)).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)))
  }, 5_000)
})

test('scrolling up loads older pages until there are no more', async () => {
  for (let number = 1; number <= 70; number += 1) service.post('visitor-1', { role: 'bot', text: String(number) })
  const session = await connected()
  expect(session.entries.value).toHaveLength(30)
  await session.loadOlder()
  await session.loadOlder()
  expect(texts(session)).toEqual(Array.from({ length: 70 }, (_, index) => String(index + 1)))
  expect(session.hasMore.value).toBe(false)
})

test('another identity sees nothing of the one before', async () => {
  service.post('visitor-1', { role: 'bot', text: 'for the visitor' })
  service.post('lin', { role: 'bot', text: 'for lin' })
  const session = await connected()
  session.draft.value = 'half a sentence'
  session.identify('lin')
  expect(texts(session)).toEqual([])
  expect(session.draft.value).toBe('')
  await online(session)
  expect(texts(session)).toEqual(['for lin'])
  expect(session.customerName.value).toBe('lin')
  expect(service.handshakes[1]?.token).toBe('lin')
})

test('a conversation that was reset on the service replaces what was shown', async () => {
  service.post('visitor-1', { role: 'bot', text: 'old 1' })
  service.post('visitor-1', { role: 'bot', text: 'old 2' })
  const session = await connected()
  service.messagesOf('visitor-1').length = 0
  service.cut()
  service.post('visitor-1', { role: 'bot', text: 'fresh' })
  await vi.waitFor(() => {
    expect(texts(session)).toEqual(['fresh'])
  }, 5_000)
})

test('answers count as unread until they were seen, and a first visit opens without a number', async () => {
  service.post('visitor-1', { role: 'bot', text: 'greeting' })
  const session = await connected()
  expect(session.unread.value).toBe(0)
  service.post('visitor-1', { role: 'agent', text: 'a' })
  service.post('visitor-1', { role: 'system', text: 'b' })
  await vi.waitFor(() => {
    expect(session.unread.value).toBe(1)
  })
  session.stop()
  const returned = await connected()
  expect(returned.unread.value).toBe(1)
  returned.markSeen()
  expect(returned.unread.value).toBe(0)
})

test('typing ends with the answer, and by itself when no end is told', async () => {
  const session = await connected()
  service.typing('visitor-1', true)
  await vi.waitFor(() => {
    expect(session.typing.value).toBe(true)
  })
  service.post('visitor-1', { role: 'bot', text: 'answer' })
  await vi.waitFor(() => {
    expect(session.typing.value).toBe(false)
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
  service.typing('visitor-1', true)
  await vi.waitFor(() => {
    expect(session.typing.value).toBe(true)
  })
  vi.advanceTimersByTime(TYPING_EXPIRY)
  expect(session.typing.value).toBe(false)
})
