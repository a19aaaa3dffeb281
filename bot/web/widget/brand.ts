type Colour = [red: number, green: number, blue: number]

const WHITE: Colour = [255, 255, 255]
const BLACK: Colour = [0, 0, 0]
const NIGHT: Colour = [38, 33, 30]
const FALLBACK: Colour = [208, 63, 16]
/** The least contrast of text (WCAG AA), with a little to spare for rounding. */
const LEGIBLE = 4.55

function parse(text: string | undefined): Colour {
  const hex = /^#?([\da-f]{3}|[\da-f]{6})$/i.exec(text?.trim() ?? '')?.[1]
  if (!hex) return FALLBACK
  const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex
  return [0, 2, 4].map((start) => parseInt(full.slice(start, start + 2), 16)) as Colour
}

const mix = (colour: Colour, other: Colour, share: number): Colour =>
  colour.map((part, index) => Math.round(part + ((other[index] ?? 0) - part) * share)) as Colour

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const light = part / 255
    return light <= 0.03928 ? light / 12.92 : ((light + 0.055) / 1.055) ** 2.4
  }) as Colour
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

export function contrast(one: Colour, other: Colour): number {
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05]
  return Math.max(a, b) / Math.min(a, b)
}

/** The colour, moved towards another one until text in it can be read on `ground`. */
function legible(colour: Colour, ground: Colour, towards: Colour): Colour {
  let [found, share] = [colour, 0]
  while (contrast(found, ground) < LEGIBLE && share < 1) found = mix(colour, towards, (share += 0.04))
  return found
}

/** The shades that a shop's colour needs: itself under white text, as text, as a tint, and as a glow. */
export function shadesOf(colour: string | undefined, dark: boolean): Record<'brand' | 'strong' | 'soft' | 'glow', Colour> {
  const own = parse(colour)
  const brand = legible(own, WHITE, BLACK)
  const soft = dark ? mix(own, NIGHT, 0.8) : mix(own, WHITE, 0.91)
  const strong = dark ? legible(legible(mix(own, WHITE, 0.3), soft, WHITE), NIGHT, WHITE) : legible(mix(brand, BLACK, 0.14), soft, BLACK)
  return { brand, strong, soft, glow: mix(brand, [255, 190, 130], 0.4) }
}

export const css = (colour: Colour): string => `rgb(${colour.join(',')})`
