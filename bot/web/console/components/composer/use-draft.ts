import { onBeforeUnmount, ref, watch } from 'vue'
import { useDesk } from '../../desk/desk'

/** Milliseconds of quiet after which a draft is written down. */
const QUIET = 300

/** The words in the input of one conversation, and whether they are a note; kept while unsent. */
export function useDraft(conversation: string) {
  const { drafts } = useDesk()
  const kept = drafts.read(conversation)
  const text = ref(kept.text)
  const isNote = ref(kept.note)
  let timer: ReturnType<typeof setTimeout> | undefined

  function keep(): void {
    clearTimeout(timer)
    drafts.write(conversation, { text: text.value, note: isNote.value })
  }

  watch([text, isNote], () => {
    clearTimeout(timer)
    timer = setTimeout(keep, QUIET)
  })
  addEventListener('pagehide', keep)
  onBeforeUnmount(() => {
    removeEventListener('pagehide', keep)
    keep()
  })
  return { text, isNote, keep }
}
