import { ref } from 'vue'

export type Dialog = 'transfer' | 'end' | 'giveBack'

/** What keys and buttons far from each other ask for. */
export class Commands {
  readonly dialog = ref<Dialog | null>(null)
  /** Puts the caret into the input, for the customer or for a note. The composer on the page answers. */
  compose: (note: boolean) => void = () => undefined
  /** Puts words into the input, in place of what stands there. */
  propose: (text: string) => void = () => undefined
}
