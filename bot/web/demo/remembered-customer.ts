const KEY = 'demo:customer'

/** The demo customer chosen last in this browser; null for the visitor. */
export function readCustomer(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

export function writeCustomer(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, id)
  } catch {
    // Storage is forbidden here: the choice lasts until the page is left.
  }
}
