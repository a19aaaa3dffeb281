import { cardText } from './card-text'
import type { Message } from './protocol'
import { resourceUrl } from './resource-url'
import { speakerOf } from './speaker'

/** A conversation as a text file: the time, who spoke, and all that was shown. */
export function transcriptOf(messages: Message[], server: string): string {
  return messages
    .map((message) => {
      const { at, text, cards = [], attachments = [], image } = message
      const links = [...(image ? [image] : []), ...attachments.map(({ url }) => url)]
      const said = [text, ...cards.map(cardText), ...links.map((url) => resourceUrl(server, url))].filter(Boolean)
      return [`[${new Date(at).toLocaleString('sv')}] ${speakerOf(message)}`.trim(), ...said].join('\n')
    })
    .join('\n\n')
}

/** Hands the browser a file to keep. The mark at the start tells old Windows editors that it is UTF-8. */
export function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/plain;charset=utf-8' }))
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(link.href)
  }, 10_000)
}
