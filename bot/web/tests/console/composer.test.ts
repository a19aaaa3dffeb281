import { describe, expect, test } from 'vitest'
import { sends, shortcutOf } from '../../console/desk/keys'
import { filled, found, openVariable, slashQuery } from '../../console/desk/quick-replies'
import type { QuickReply } from '../../console/protocol'

const key = (name: string, more: object = {}) => ({ key: name, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, keyCode: 0, ...more })

describe('the key that sends', () => {
  test('is Enter, and with Shift a new line', () => {
    expect(sends(key('Enter'), 'enter')).toBe(true)
    expect(sends(key('Enter', { shiftKey: true }), 'enter')).toBe(false)
    expect(sends(key('Enter', { ctrlKey: true }), 'enter')).toBe(false)
  })

  test('is Ctrl or Command with Enter for who chose that', () => {
    expect(sends(key('Enter'), 'mod-enter')).toBe(false)
    expect(sends(key('Enter', { ctrlKey: true }), 'mod-enter')).toBe(true)
    expect(sends(key('Enter', { metaKey: true }), 'mod-enter')).toBe(true)
  })

  test('never sends while an input method composes, in newer and older engines', () => {
    expect(sends(key('Enter', { isComposing: true }), 'enter')).toBe(false)
    expect(sends(key('Enter', { keyCode: 229 }), 'enter')).toBe(false)
    expect(sends(key('Enter', { isComposing: true, ctrlKey: true }), 'mod-enter')).toBe(false)
  })
})

describe('shortcuts', () => {
  test('work outside of fields only, but for Esc', () => {
    expect(shortcutOf(key('j'), { tagName: 'BODY' })).toBe('next')
    expect(shortcutOf(key('K', { shiftKey: true }), { tagName: 'BUTTON' })).toBe('previous')
    expect(shortcutOf(key('j'), { tagName: 'TEXTAREA' })).toBeNull()
    expect(shortcutOf(key('e'), { tagName: 'DIV', isContentEditable: true })).toBeNull()
    expect(shortcutOf(key('Escape'), { tagName: 'TEXTAREA' })).toBe('escape')
  })

  test('leave the browser its own, and an input method its keys', () => {
    expect(shortcutOf(key('r', { ctrlKey: true }), null)).toBeNull()
    expect(shortcutOf(key('t', { metaKey: true }), null)).toBeNull()
    expect(shortcutOf(key('n', { isComposing: true }), null)).toBeNull()
    expect(shortcutOf(key('Escape', { keyCode: 229 }), { tagName: 'TEXTAREA' })).toBeNull()
  })

  test('know the question mark of a Chinese keyboard', () => {
    expect(shortcutOf(key(String.fromCodePoint(0xff1f), { shiftKey: true }), null)).toBe('help')
  })
})

const reply = (title: string, pinyin: string, initials: string, text: string, group = 'g'): QuickReply => ({ id: title, group, title, text, pinyin, initials })
const REPLIES = [
  reply('ship time', 'fahuo shijian', 'fhsj', 'We ship soon'),
  reply('refund time', 'tuikuan shijian', 'tksj', 'The refund takes days'),
  reply('refund', 'tuikuan', 'tk', 'We give it back', 'money'),
  reply('hello', 'nihao', 'nh', 'Hello, about the refund'),
]
const titles = (query: string): string[] => found(REPLIES, query).map(({ title }) => title)

describe('quick replies', () => {
  test('are found by initials, full pinyin, words of the text, and group; the closest first', () => {
    expect(titles('tk')).toEqual(['refund', 'refund time'])
    expect(titles('FHSJ')).toEqual(['ship time'])
    expect(titles('fahuoshi')).toEqual(['ship time'])
    expect(titles('refund')).toEqual(['refund time', 'refund', 'hello'])
    expect(titles('money')).toEqual(['refund'])
    expect(titles('')).toHaveLength(4)
    expect(titles('nothing')).toEqual([])
  })

  test('open with a slash at the start or behind a space, up to the caret', () => {
    expect(slashQuery('/fh', 3)).toBe('fh')
    expect(slashQuery('hello /', 7)).toBe('')
    expect(slashQuery('hello /tk and', 9)).toBe('tk')
    expect(slashQuery('1/2', 3)).toBeNull()
    expect(slashQuery('https://a', 9)).toBeNull()
    expect(slashQuery('/fh done', 8)).toBeNull()
  })

  test('are filled with what is known; the rest must be filled by hand', () => {
    const text = filled('{customer}, {order_tail}, {agent} of {shop}: {other}', { customer: 'Ann', agent: 'Bo', shop: '', order_tail: null })
    expect(text).toBe('Ann, {order_tail}, Bo of : {other}')
    expect(openVariable(text)).toBe('{order_tail}')
    expect(openVariable('{other}')).toBeNull()
  })
})
