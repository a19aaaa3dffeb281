import { remember, remembered } from './storage'

export interface Draft {
  text: string
  note: boolean
}

/** Unsent words by conversation. They outlive a reload and an expired session, and belong to one account. */
export class Drafts {
  account: number | null = null

  read(conversation: string): Draft {
    return remembered<Draft>(this.#key(conversation)) ?? { text: '', note: false }
  }

  write(conversation: string, draft: Draft): void {
    remember(this.#key(conversation), draft.text ? draft : null)
  }

  #key(conversation: string): string {
    return `draft:${this.account}:${conversation}`
  }
}
