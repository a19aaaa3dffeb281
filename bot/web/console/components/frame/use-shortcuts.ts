import { onBeforeUnmount, onMounted } from 'vue'
import type { Desk } from '../../desk/desk'
import { shortcutOf } from '../../desk/keys'
import { whyNot } from '../../desk/may'

interface Doings {
  help: () => void
  escape: () => void
}

/** The desk's keys. While a dialog is open they belong to the dialog. */
export function useShortcuts(desk: Desk, { help, escape }: Doings): void {
  /** Moves the focus through the list; Enter then opens, as on any button. */
  function move(step: 1 | -1): void {
    const buttons = [...document.querySelectorAll<HTMLElement>('[data-row]')]
    const here = buttons.findIndex((button) => button === document.activeElement)
    const from = here >= 0 ? here : buttons.findIndex((button) => button.dataset['row'] === desk.talk.id.value)
    const target = from < 0 ? buttons[step > 0 ? 0 : buttons.length - 1] : buttons[from + step]
    target?.focus()
  }

  function ask(dialog: 'transfer' | 'end'): void {
    const [row, account] = [desk.talk.detail.value, desk.session.account.value]
    const situation = { account, online: desk.online.value, now: desk.clock.now.value }
    if (row?.owner === 'agent' && !whyNot(dialog, { row, ...situation })) desk.commands.dialog.value = dialog
  }

  const doings = {
    next: () => {
      move(1)
    },
    previous: () => {
      move(-1)
    },
    reply: () => {
      desk.commands.compose(false)
    },
    note: () => {
      desk.commands.compose(true)
    },
    transfer: () => {
      ask('transfer')
    },
    end: () => {
      ask('end')
    },
    help,
    escape,
  }

  function press(event: KeyboardEvent): void {
    const target = event.target instanceof HTMLElement ? event.target : null
    if (event.defaultPrevented || document.querySelector('[inert]') || target?.closest('[role="dialog"], dialog, [role="menu"]')) return
    const shortcut = shortcutOf(event, target)
    if (shortcut === null) return
    if (shortcut !== 'escape') event.preventDefault()
    doings[shortcut]()
  }

  onMounted(() => {
    addEventListener('keydown', press)
  })
  onBeforeUnmount(() => {
    removeEventListener('keydown', press)
  })
}
