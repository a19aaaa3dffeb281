import { onMounted, onUnmounted, type Ref } from 'vue'

/**
 * Keeps `--visual-height` and `--visual-top` (px) of an element at the part of the screen that a phone's keyboard leaves
 * free: browsers shrink only the visual viewport, so `100dvh` alone would hide the input line behind the keys.
 */
export function useVisualViewport(element: Ref<HTMLElement | null>): void {
  const viewport = globalThis.visualViewport
  if (!viewport) return

  function follow(): void {
    if (!viewport || !element.value || viewport.scale > 1.01) return // a pinch zoom is no keyboard
    element.value.style.setProperty('--visual-height', `${viewport.height}px`)
    element.value.style.setProperty('--visual-top', `${viewport.offsetTop}px`)
  }

  onMounted(() => {
    follow()
    viewport.addEventListener('resize', follow)
    viewport.addEventListener('scroll', follow)
  })
  onUnmounted(() => {
    viewport.removeEventListener('resize', follow)
    viewport.removeEventListener('scroll', follow)
  })
}
