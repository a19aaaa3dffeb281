import { computed, onScopeDispose, ref, type Ref } from 'vue'

export type Layout = 'wide' | 'middle' | 'narrow'

export function useMedia(query: string): Ref<boolean> {
  const media = matchMedia(query)
  const holds = ref(media.matches)
  const update = (): void => {
    holds.value = media.matches
  }
  media.addEventListener('change', update)
  onScopeDispose(() => {
    media.removeEventListener('change', update)
  })
  return holds
}

/** Three columns, two and a drawer, or one at a time. */
export function useLayout(): Ref<Layout> {
  const [wide, middle] = [useMedia('(min-width: 1280px)'), useMedia('(min-width: 760px)')]
  return computed(() => (wide.value ? 'wide' : middle.value ? 'middle' : 'narrow'))
}
