import { onBeforeUnmount } from 'vue'
import { useDesk } from '../../desk/desk'

/** Milliseconds between two signs that one is writing, and of quiet until one is not. */
const [REPEAT, QUIET] = [3_000, 5_000]

/** Tells the customer and the colleagues that somebody writes here. */
export function useTyping(conversation: string) {
  const { connection } = useDesk()
  let told = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(on: boolean): void {
    told = on ? Date.now() : 0
    connection.say('typing', { conversation_id: conversation, on })
  }

  function stop(): void {
    clearTimeout(timer)
    if (told) say(false)
  }

  function typed(): void {
    clearTimeout(timer)
    timer = setTimeout(stop, QUIET)
    if (Date.now() - told > REPEAT) say(true)
  }

  onBeforeUnmount(stop)
  return { typed, stop }
}
