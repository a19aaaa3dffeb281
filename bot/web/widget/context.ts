import { inject, type InjectionKey } from 'vue'
import type { ChatSession } from './session/session'

export const SESSION: InjectionKey<ChatSession> = Symbol('chat session')
/** Shows a picture large. */
export const ENLARGE: InjectionKey<(picture: Picture) => void> = Symbol('enlarge')

export interface Picture {
  url: string
  name: string
}

function required<T>(key: InjectionKey<T>): T {
  const value = inject(key)
  if (value === undefined) throw new Error(`${String(key)} is not provided`)
  return value
}

export const useSession = (): ChatSession => required(SESSION)
export const useEnlarge = (): ((picture: Picture) => void) => required(ENLARGE)
