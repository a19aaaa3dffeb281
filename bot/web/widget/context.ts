import { inject, type InjectionKey, type Ref } from 'vue'
import type { Look } from './look'
import type { ChatSession } from './session/session'
import type { UploadTray } from './session/uploads'

export interface Picture {
  url: string
  name: string
}

export type SheetName = 'orders' | 'menu' | 'leave'
export type FileSource = 'album' | 'camera' | 'file'

/** What all parts of the chat share. */
export interface Chat {
  session: ChatSession
  look: Look
  /** What lies over the conversation. */
  sheet: Ref<SheetName | null>
  /** Shows a picture large. */
  enlarge: (picture: Picture) => void
  /** Lets the customer choose files, or take a picture, for a tray. */
  pick: (source: FileSource, tray: UploadTray) => void
}

export const CHAT: InjectionKey<Chat> = Symbol('chat')

export function useChat(): Chat {
  const chat = inject(CHAT)
  if (!chat) throw new Error('no chat is provided')
  return chat
}
