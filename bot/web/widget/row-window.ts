/** Rows in the document at most, however many were loaded. */
export const MOST_ROWS = 80
/** Rows between what can be seen and the edge of the window, before the window moves. */
const RESERVE = 16
/** Pixels; the height of a row that was never measured. */
const GUESS = 72

/**
 * Which rows of a long list are in the document, and how much room the others take.
 *
 * What the reader looks at is held by a row, not by a distance from the top: rows that come in above, or turn out higher
 * than was thought, do not move it. All positions are pixels from the top of the list.
 */
export class RowWindow {
  start = 0
  private keys: readonly string[] = []
  private places = new Map<string, number>()
  private readonly heights = new Map<string, number>()
  private tops = [0]
  private anchor = { key: '', offset: 0 }

  get end(): number {
    return Math.min(this.start + MOST_ROWS, this.keys.length)
  }

  /** The top of the row at a place in the list; behind the last one, the height of all. */
  topOf(place: number): number {
    return this.tops[place] ?? 0
  }

  get before(): number {
    return this.topOf(this.start)
  }

  get after(): number {
    return this.topOf(this.keys.length) - this.topOf(this.end)
  }

  setRows(keys: readonly string[]): void {
    this.keys = keys
    this.places = new Map(keys.map((key, place) => [key, place]))
    this.layOut()
  }

  measured(key: string, height: number): void {
    this.heights.set(key, height)
  }

  /** After rows were measured. */
  layOut(): void {
    let top = 0
    this.tops = [0]
    for (const key of this.keys) this.tops.push((top += this.heights.get(key) ?? GUESS))
  }

  /**
   * The reader has scrolled here. Held is the first row that begins in view: one that is half out of it may change, as
   * the oldest one does that loses its time when older ones come.
   */
  hold(position: number): void {
    const at = this.placeAt(position)
    const place = position > this.topOf(at) && at + 1 < this.keys.length ? at + 1 : at
    this.anchor = { key: this.keys[place] ?? '', offset: position - this.topOf(place) }
  }

  /** Where that is now. */
  held(): number {
    const place = this.places.get(this.anchor.key)
    return place === undefined ? 0 : this.topOf(place) + this.anchor.offset
  }

  /** Moves the window when what can be seen from here on comes near its edge. */
  show(position: number, height: number): void {
    const [first, last] = [this.placeAt(position), this.placeAt(position + height)]
    const room = this.keys.length
    const near = first < this.start + RESERVE || last >= this.end - RESERVE
    if (!near && this.end - this.start === Math.min(room, MOST_ROWS)) return
    const middle = Math.round((first + last - MOST_ROWS) / 2)
    this.start = Math.max(0, Math.min(middle, room - MOST_ROWS))
  }

  /** The row at a position, the first or last one for what lies outside. */
  private placeAt(position: number): number {
    let [low, high] = [0, Math.max(0, this.keys.length - 1)]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.topOf(middle) <= position) low = middle
      else high = middle - 1
    }
    return low
  }
}
