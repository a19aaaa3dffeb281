import { describe, expect, test } from 'vitest'
import { fill, texts } from '../widget/texts'
import { formatMoment, needsSeparator } from '../widget/time'

describe('time separators', () => {
  test.each([
    [undefined, '2026-05-01T10:00:00+08:00', true],
    ['2026-05-01T10:00:00+08:00', '2026-05-01T10:04:59+08:00', false],
    ['2026-05-01T10:00:00+08:00', '2026-05-01T10:05:00+08:00', true],
    ['2026-05-01T23:59:00+08:00', '2026-05-02T00:01:00+08:00', true],
    ['2026-05-01T16:01:00+00:00', '2026-05-02T00:03:00+08:00', false],
  ])('after %s, at %s: %s', (previous, at, expected) => {
    expect(needsSeparator(previous, at)).toBe(expected)
  })
})

describe('a moment is said as shoppers say it', () => {
  const now = new Date('2026-05-02T00:30:00+08:00')
  test.each([
    ['2026-05-02T00:05:00+08:00', fill(texts.time.today, { time: '00:05' })],
    ['2026-05-01T16:05:00Z', fill(texts.time.today, { time: '00:05' })],
    ['2026-05-03T09:00:00+08:00', fill(texts.time.tomorrow, { time: '09:00' })],
    ['2026-05-01T09:07:00+08:00', fill(texts.time.yesterday, { time: '09:07' })],
    ['2026-04-03T21:00:00+08:00', '04-03 21:00'],
    ['2025-12-31T21:00:00+08:00', '2025-12-31 21:00'],
  ])('%s', (at, expected) => {
    expect(formatMoment(at, now)).toBe(expected)
  })
})
