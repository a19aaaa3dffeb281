const FOCUSABLE = 'button:not(:disabled), textarea, [tabindex="0"]'

/** Keeps Tab inside a modal element: from the last control to the first, and back. */
export function trapTab(event: KeyboardEvent, container: HTMLElement): void {
  const controls = [...container.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((control) => control.offsetParent !== null)
  const [first, last] = [controls[0], controls[controls.length - 1]]
  const active = (container.getRootNode() as ShadowRoot).activeElement
  const leaving = event.shiftKey ? active === first || active === container : active === last
  if (!leaving) return
  event.preventDefault()
  ;(event.shiftKey ? last : first)?.focus()
}
