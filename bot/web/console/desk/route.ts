import { ref } from 'vue'

export interface Place {
  conversation: string | null
  details: boolean
}

/** Where one is, kept in the address: the browser's back button walks from the details to the conversation to the list. */
export class Route {
  readonly place = ref<Place>(read())

  constructor() {
    addEventListener('hashchange', this.#follow)
    addEventListener('popstate', this.#follow)
  }

  stop(): void {
    removeEventListener('hashchange', this.#follow)
    removeEventListener('popstate', this.#follow)
  }

  go(conversation: string | null, details = false): void {
    const target = conversation === null ? '' : `#${encodeURIComponent(conversation)}${details ? '/details' : ''}`
    if (target === location.hash) return
    if (target) location.hash = target
    else history.pushState(null, '', location.pathname)
    this.place.value = { conversation, details }
  }

  readonly #follow = (): void => {
    this.place.value = read()
  }
}

function read(): Place {
  const [conversation = '', part] = location.hash.slice(1).split('/')
  return { conversation: conversation ? decodeURIComponent(conversation) : null, details: part === 'details' }
}
