import { reactive, watch } from 'vue'
import { remember, remembered } from './storage'

export type SendKey = 'enter' | 'mod-enter'

export interface Settings {
  sendKey: SendKey
  sound: boolean
  title: boolean
  desktop: boolean
  /** Seconds after which a waiting customer is shown in amber, and in red. */
  amber: number
  red: number
}

const STANDARD: Settings = { sendKey: 'enter', sound: true, title: true, desktop: false, amber: 30, red: 100 }

/** The agent's own choices, kept in this browser. */
export function useSettings(): Settings {
  const settings = reactive<Settings>({ ...STANDARD, ...remembered<Partial<Settings>>('settings') })
  watch(settings, (chosen) => {
    remember('settings', chosen)
  })
  return settings
}
