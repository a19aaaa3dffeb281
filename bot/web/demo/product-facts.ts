import type { Product } from './api'
import { fill, texts } from './texts'

/** Fewer than this: the page says how many are left. */
const FEW = 20

const dateOf = (instant: string): string => instant.slice(0, 10)

/** What a product page says of the stock. */
export function stockOf({ stock, restock_at, ships_at }: Pick<Product, 'stock' | 'restock_at' | 'ships_at'>): string {
  if (ships_at) return fill(texts.detail.stockShips, { date: dateOf(ships_at) })
  if (stock >= FEW) return texts.detail.stockPlenty
  if (stock > 0) return fill(texts.detail.stockFew, { count: stock })
  return restock_at ? fill(texts.detail.stockRestock, { date: dateOf(restock_at) }) : texts.detail.stockNone
}

/** What else the catalogue knows, in the order in which people ask for it. */
export function factsOf(product: Product): { name: string; text: string }[] {
  const parts = Object.entries(product.parts).map(([name, count]) => fill(texts.detail.part, { name, count }))
  return [
    { name: texts.detail.gift, text: product.gifts.join(' ') },
    { name: texts.detail.material, text: product.material },
    { name: texts.detail.capacity, text: product.capacity },
    { name: texts.detail.shelfLife, text: product.shelf_life },
    { name: texts.detail.parts, text: parts.join(' ') },
    { name: texts.detail.warranty, text: product.warranty_days ? fill(texts.detail.warrantyDays, { days: product.warranty_days }) : '' },
  ].filter(({ text }) => text)
}
