import { expect, test } from 'vitest'
import { MOST_ROWS, RowWindow } from '../widget/row-window'

const HEIGHT = 50
const VIEW = 400
const keys = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `row-${from + index}`)

function measured(names: string[], height = HEIGHT): RowWindow {
  const rows = new RowWindow()
  rows.setRows(names)
  for (const name of names) rows.measured(name, height)
  rows.layOut()
  return rows
}

test('a short list is whole in the document', () => {
  const rows = measured(keys(0, 40))
  rows.show(0, VIEW)
  expect([rows.start, rows.end, rows.before, rows.after]).toEqual([0, 40, 0, 0])
})

test('of a thousand rows few are in the document wherever one looks, and the others keep their room', () => {
  const rows = measured(keys(0, 1000))
  for (let position = 0; position <= 1000 * HEIGHT - VIEW; position += 130) {
    rows.show(position, VIEW)
    expect(rows.end - rows.start).toBe(MOST_ROWS)
    expect(rows.before).toBeLessThanOrEqual(position)
    expect(rows.topOf(rows.end)).toBeGreaterThanOrEqual(position + VIEW)
    expect(rows.before + MOST_ROWS * HEIGHT + rows.after).toBe(1000 * HEIGHT)
  }
})

test('the window rests while one reads within it', () => {
  const rows = measured(keys(0, 1000))
  rows.show(500 * HEIGHT, VIEW)
  const { start } = rows
  rows.show(510 * HEIGHT, VIEW)
  rows.show(492 * HEIGHT, VIEW)
  expect(rows.start).toBe(start)
})

test('older rows that come in above do not move what is read', () => {
  const rows = measured(keys(30, 60))
  rows.hold(10 * HEIGHT + 7)
  rows.setRows(keys(0, 60))
  for (const name of keys(0, 30)) rows.measured(name, 90)
  rows.layOut()
  expect(rows.held()).toBe(30 * 90 + 10 * HEIGHT + 7)
})

test('the row that is half out of view may shrink without moving the next one', () => {
  const rows = measured(keys(30, 60))
  rows.hold(20)
  rows.setRows(keys(0, 60))
  for (const name of keys(0, 30)) rows.measured(name, HEIGHT)
  rows.measured('row-30', HEIGHT - 15)
  rows.layOut()
  expect(rows.topOf(31) - rows.held()).toBe(HEIGHT - 20)
})

test('a picture that loads above does not move what is read, one below neither', () => {
  const rows = measured(keys(0, 60))
  rows.hold(20 * HEIGHT + 5)
  rows.measured('row-3', HEIGHT + 176)
  rows.measured('row-40', HEIGHT + 176)
  rows.layOut()
  expect(rows.held()).toBe(20 * HEIGHT + 5 + 176)
})

test('above the first row and after another conversation has begun the place is the start', () => {
  const rows = measured(keys(0, 5))
  rows.hold(-30)
  expect(rows.held()).toBe(-30)
  rows.setRows(keys(100, 105))
  expect(rows.held()).toBe(0)
})
