// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest'
import english from '../locales/en.json'
import chinese from '../locales/zh-CN.json'
import { contrast, shadesOf } from '../widget/brand'
import { Look } from '../widget/look'
import { texts } from '../widget/texts'

beforeEach(() => {
  localStorage.clear()
})

describe('a colour of the shop', () => {
  const grounds = { light: [255, 255, 255], dark: [38, 33, 30] } as const
  test.each(['#d03f10', '#ffd400', '#fff', '#000', '#07c160', '#1677ff', 'nonsense', undefined])('%s stays legible', (colour) => {
    for (const dark of [false, true]) {
      const { brand, strong, soft } = shadesOf(colour, dark)
      expect(contrast(brand, [255, 255, 255])).toBeGreaterThanOrEqual(4.5)
      expect(contrast(strong, soft)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(strong, [...grounds[dark ? 'dark' : 'light']])).toBeGreaterThanOrEqual(4.5)
    }
  })
})

describe('the look', () => {
  test('is what the page asks for until the customer chooses, and the choice is remembered', () => {
    const look = new Look()
    look.give({ theme: 'dark', elder: true })
    expect([look.dark.value, look.elder.value]).toEqual([true, true])
    look.choose({ theme: 'light', elder: false })
    expect([look.dark.value, look.elder.value]).toEqual([false, false])
    const later = new Look()
    later.give({ theme: 'dark' })
    expect(later.theme.value).toBe('light')
  })

  test('speaks Chinese when English cannot be fetched, and English when it can', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new Error('offline'))
    const look = new Look()
    look.base = 'https://service.example/widget.js'
    look.choose({ lang: 'en' })
    await vi.waitFor(() => {
      expect(fetched).toHaveBeenCalledWith(new URL('https://service.example/widget/en.json'))
    })
    expect(look.lang.value).toBe('zh-CN')
    fetched.mockResolvedValueOnce(new Response(JSON.stringify(english.widget)))
    look.choose({ lang: 'en' })
    await vi.waitFor(() => {
      expect(look.lang.value).toBe('en')
    })
    expect(texts.header.human).toBe(english.widget.header.human)
    look.choose({ lang: 'zh-CN' })
    await vi.waitFor(() => {
      expect(texts.header.human).toBe(chinese.widget.header.human)
    })
  })
})

type Tree = string | Tree[] | { [key: string]: Tree }

function outline(tree: Tree): unknown {
  if (typeof tree === 'string') return [...tree.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()
  if (Array.isArray(tree)) return tree.map(outline)
  return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, outline(part)]))
}

test('both languages have the same texts with the same places to fill', () => {
  expect(outline(english.widget)).toEqual(outline(chinese.widget))
})
