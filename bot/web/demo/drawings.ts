import type { Product } from './api'

/** The shelves of the shop; each has its colours in page.css. */
export const SHELVES = ['clothes', 'home', 'food', 'care', 'electronics'] as const
export type Shelf = (typeof SHELVES)[number]

/** A product's picture: an outline on a 48 × 48 grid, in the colours of its shelf. */
const SHAPES: Record<string, { shelf: Shelf; path: string }> = {
  TSHIRT: { shelf: 'clothes', path: 'M17 8 6 14l4 9 5-2v19h18V21l5 2 4-9-11-6c-1 4-4 6-7 6s-6-2-7-6Z' },
  DRESS: { shelf: 'clothes', path: 'M18 6v7l-2 9-7 19h30l-7-19-2-9V6M18 13c2 3 10 3 12 0M16 22h16M20 29l-2 12M28 29l2 12' },
  JEANS: { shelf: 'clothes', path: 'M14 7h20l3 34h-9l-4-22-4 22h-9l3-34ZM13.5 13h21M24 13v6' },
  SHOES: { shelf: 'clothes', path: 'M5 33V20l6-3c2 4 6 4 8 1l9 8c3 2 15 2 15 7v2H5v-2Zm0 0h38M20 19l-3 3M24 22l-3 3M28 26l-3 3' },
  UNDERWEAR: { shelf: 'clothes', path: 'M7 13h34v9c-8 1-12 6-13 13h-8C19 28 15 23 7 22v-9ZM7 17h34' },
  DOWN: { shelf: 'clothes', path: 'M17 8 8 13 5 38h8V24v17h22V24v14h8l-3-25-9-5c-1 3-3 4-7 4s-6-1-7-4ZM24 12v29M13 24h22M13 32h22' },
  MUG: { shelf: 'home', path: 'M10 13h23v22a6 6 0 0 1-6 6H16a6 6 0 0 1-6-6V13ZM33 18h4a4 4 0 0 1 4 4v4a6 6 0 0 1-6 6h-2M17 5c-2 2 2 3 0 5M25 5c-2 2 2 3 0 5' },
  TEASET: { shelf: 'home', path: 'M14 20h19c2 0 3 2 3 4 0 7-5 12-12.5 12S11 31 11 24c0-2 1-4 3-4ZM36 23c5-2 5 8-2 8M11 26c-5-1-4-6-7-8M18 20c0-4 11-4 11 0M23.5 17v-3M8 41h32' },
  TISSUE: { shelf: 'home', path: 'M6 22h36v18H6V22Zm9 0h18M17 22c3-4 0-9 4-14 2 3 5 3 8 1 2 5 0 9 3 13M13 31h22' },
  KEYRING: { shelf: 'home', path: 'M16 18a8 8 0 1 0 .1 0ZM22 20l5-5M26 18l10-8 6 6-10 10-6-8ZM36 15h.1' },
  NUTS: { shelf: 'food', path: 'M11 22c0 13 6 19 13 19s13-6 13-19c-4 3-22 3-26 0ZM9 17c3-7 8-9 15-9s12 2 15 9c-3 8-27 8-30 0ZM24 8V4M24 26v9' },
  MANGO: { shelf: 'food', path: 'M38 14c6 10-2 26-16 26-9 0-15-6-14-13 1-8 8-7 13-11 5-5 12-10 17-2ZM34 11c0-4 3-6 7-6M15 32c4 3 9 3 13 0' },
  DETERGENT: { shelf: 'care', path: 'M17 13h12l6 8v17a3 3 0 0 1-3 3H15a3 3 0 0 1-3-3V20l5-7ZM18 6h10v7H18V6ZM29 20h-5v7h10M18 34h11' },
  EARBUDS: { shelf: 'electronics', path: 'M7 28a17 17 0 0 1 34 0h-4a13 13 0 0 0-26 0H7Zm0 0h8v13h-4a4 4 0 0 1-4-4v-9ZM41 28h-8v13h4a4 4 0 0 0 4-4v-9Z' },
  LAMP: { shelf: 'electronics', path: 'M16 7h16l7 17H9l7-17ZM24 24v13M15 41c1-3 4-4 9-4s8 1 9 4H15ZM33 24v7' },
}

const BAG = 'M11 16h26l3 25H8l3-25ZM17 16c0-12 14-12 14 0M17 22v0M31 22v0'

type Known = Pick<Product, 'sku'> & Partial<Pick<Product, 'category'>>

/** Products that this page does not know get a shopping bag. */
export function outlineOf({ sku }: Known): string {
  return SHAPES[sku]?.path ?? BAG
}

/** Where a product stands; products that this page does not know stand by their category. */
export function shelfOf({ sku, category }: Known): Shelf {
  return SHAPES[sku]?.shelf ?? SHELVES.find((shelf) => shelf === category) ?? 'home'
}
