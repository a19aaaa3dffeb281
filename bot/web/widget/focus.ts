const FOCUSABLE = 'button:not(:disabled), textarea, input:not([hidden]), a[href], [tabindex="0"]'

/** What has the focus inside of the shadow root in which a node is. */
export function activeIn(node: Node | null): HTMLElement | null {
  return ((node?.getRootNode() as ShadowRoot | undefined)?.activeElement ?? null) as HTMLElement | null
}

/** Keeps Tab inside a modal element: from the last control to the first, and back. */
export function trapTab(event: KeyboardEvent, container: HTMLElement): void {
  const controls = [...container.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((control) => control.offsetParent !== null)
  const [first, last] = [controls[0], controls[controls.length - 1]]
  const active = activeIn(container)
  const leaving = event.shiftKey ? active === first || active === container : active === last
  if (!leaving) return
  event.preventDefault()
  ;(event.shiftKey ? last : first)?.focus()
}

/** Lets the arrow keys go from one control to the next in a group, so that Tab passes the group in one step. */
export function rove(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
  const controls = [...(event.currentTarget as HTMLElement).children] as HTMLElement[]
  const place = controls.indexOf(event.target as HTMLElement)
  if (!step || place < 0) return
  event.preventDefault()
  controls[(place + step + controls.length) % controls.length]?.focus()
}
