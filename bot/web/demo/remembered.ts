/** What this browser remembers of the demo page; nothing where storage is forbidden. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(`demo:${name}`)
  } catch {
    return null
  }
}

export function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`demo:${name}`)
    else localStorage.setItem(`demo:${name}`, value)
  } catch {
    // Storage is forbidden here: the choice lasts until the page is left.
  }
}
