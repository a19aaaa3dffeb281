import { describe, expect, test } from 'vitest'
import { fill } from '../locales/fill'
import { isSendKey } from '../widget/keys'
import { resourceUrl } from '../widget/resource-url'
import { newClientId } from '../widget/session/client-id'

describe('the send key', () => {
  const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 }
  test.each([
    ['Enter sends', enter, true],
    ['Shift+Enter is a new line', { ...enter, shiftKey: true }, false],
    ['Enter that confirms an input method does not send', { ...enter, isComposing: true }, false],
    ['nor where only the key code tells it', { ...enter, keyCode: 229 }, false],
    ['other keys do not send', { ...enter, key: 'a', keyCode: 65 }, false],
  ])('%s', (_name, event, expected) => {
    expect(isSendKey(event)).toBe(expected)
  })
})

describe('the address of a picture', () => {
  const server = 'https://shop.example'
  test.each([
    ['/api/v1/uploads/1', 'https://shop.example/api/v1/uploads/1'],
    ['https://cdn.example/a.png', 'https://cdn.example/a.png'],
    ['data:image/png;base64,AAAA', 'data:image/png;base64,AAAA'],
    ['data:image/svg+xml,<svg/>', null],
    ['javascript:alert(1)', null],
    ['https://', null],
  ])('%s', (url, expected) => {
    expect(resourceUrl(server, url)).toBe(expected)
  })
})

test('placeholders without a value stay visible', () => {
  expect(fill('{a} and {b}', { a: 1 })).toBe('1 and {b}')
})

test('client ids are version 4 UUIDs', () => {
  expect(newClientId()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})
