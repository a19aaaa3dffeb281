import { ref, type Ref } from 'vue'

/** Milliseconds that "copied" is shown. */
const SHOWN = 1_600

/** Copies texts, and tells for a moment that it did. Without a secure origin there is no clipboard: then it says so. */
export function useCopying(): { state: Ref<'ready' | 'copied' | 'failed'>; copy: (text: string) => Promise<void> } {
  const state = ref<'ready' | 'copied' | 'failed'>('ready')
  async function copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      state.value = 'copied'
    } catch {
      state.value = 'failed'
    }
    setTimeout(() => (state.value = 'ready'), SHOWN)
  }
  return { state, copy }
}
