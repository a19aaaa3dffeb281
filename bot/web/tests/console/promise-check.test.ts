import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PromiseCheck, QUIET } from '../../console/desk/promise-check'
import type { Verdict } from '../../console/protocol'

const verdict = (outcome: Verdict['outcome']): Verdict => ({ outcome, kind: 'refund', rule_id: 'r', clause: 'c', wording: 'w', due_at: null })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a draft is checked once, when the typing rests', async () => {
  const asked: string[] = []
  const check = new PromiseCheck((text) => {
    asked.push(text)
    return Promise.resolve([verdict('warn'), verdict('block')])
  })
  check.draft('r')
  await vi.advanceTimersByTimeAsync(QUIET - 1)
  check.draft('refund ')
  await vi.advanceTimersByTimeAsync(QUIET)
  expect(asked).toEqual(['refund'])
  expect(check.blocked?.outcome).toBe('block')
  expect(check.doubtful?.outcome).toBe('warn')
})

test('what was found is forgotten as soon as the words change, also where the answer comes late', async () => {
  let answer: (verdicts: Verdict[]) => void = () => undefined
  const check = new PromiseCheck(() => new Promise((resolve) => (answer = resolve)))
  check.draft('refund')
  await vi.advanceTimersByTimeAsync(QUIET)
  check.draft('refunds')
  answer([verdict('block')])
  await vi.advanceTimersByTimeAsync(0)
  expect(check.blocked).toBeUndefined()
})

test('without an answer nothing is held back', async () => {
  const check = new PromiseCheck(() => Promise.reject(new Error('unreachable')))
  check.draft('refund')
  await vi.advanceTimersByTimeAsync(QUIET)
  expect(check.verdicts.value).toEqual([])
})
