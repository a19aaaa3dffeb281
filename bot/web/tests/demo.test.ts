import { describe, expect, it } from 'vitest'
import type { Product } from '../demo/api'
import { outlineOf, shelfOf } from '../demo/drawings'
import { factsOf, stockOf } from '../demo/product-facts'
import { policy, tag } from '../demo/snippets'
import { texts } from '../demo/texts'

const product: Product = {
  sku: 'X', name: 'x', price: '1.00', list_price: null, activity_until: null, category: '', stock: 0, restock_at: null,
  ships_at: null, colors: [], sizes: [], gifts: [], no_reason: 'always', traits: [], parts: {}, warranty_days: null,
  shelf_life: '', material: '', capacity: '',
}

describe('what a product page says', () => {
  it('names the number that is left only when it is small', () => {
    expect(stockOf({ ...product, stock: 60 })).toBe(texts.detail.stockPlenty)
    expect(stockOf({ ...product, stock: 8 })).toContain('8')
  })

  it('says when goods come back, or are sent, as far as it is known', () => {
    expect(stockOf(product)).toBe(texts.detail.stockNone)
    expect(stockOf({ ...product, restock_at: '2026-03-09T15:00:00+08:00' })).toContain('2026-03-09')
    expect(stockOf({ ...product, ships_at: '2026-03-14T15:00:00+08:00' })).toContain('2026-03-14')
  })

  it('tells only what the catalogue knows', () => {
    expect(factsOf(product)).toEqual([])
    const told = factsOf({ ...product, parts: { lid: 2 }, warranty_days: 365 }).map(({ text }) => text)
    expect(told).toEqual([expect.stringContaining('lid'), expect.stringContaining('365')])
  })
})

describe('products that the page does not know', () => {
  it('are drawn as a bag and stand by their category', () => {
    expect(outlineOf({ sku: 'NEW' })).toBe(outlineOf({ sku: 'OTHER' }))
    expect(shelfOf({ sku: 'NEW', category: 'food' })).toBe('food')
    expect(shelfOf({ sku: 'NEW', category: 'cars' })).toBe('home')
  })
})

describe('the code to copy', () => {
  it('names the service that shows it', () => {
    expect(tag('https://kefu.example.com')).toContain('src="https://kefu.example.com/widget.js"')
    expect(policy('https://kefu.example.com')).toContain('wss://kefu.example.com')
    expect(policy('http://127.0.0.1:8000')).toContain('ws://127.0.0.1:8000')
  })
})
