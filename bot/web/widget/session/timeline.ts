import type { Acknowledgement, Attachment, Message } from '../protocol'

export type Delivery = 'sending' | 'sent' | 'failed'

/** One line of the conversation as shown. `seq` is null until the service has accepted the message. */
export interface Entry extends Omit<Message, 'seq'> {
  /** Stays the same when a pending message becomes an accepted one. */
  key: string
  seq: number | null
  delivery: Delivery
  /** While unsent: the `seq` after which it was written, so that it keeps its place when answers come in. */
  after?: number
  payload?: string
}

/** What the customer wants to send. */
export interface Draft {
  text: string
  payload?: string
  attachments?: Attachment[]
}

type Accepted = Extract<Acknowledgement, { ok: true }>

const isAccepted = (entry: Entry): entry is Entry & { seq: number } => entry.seq !== null

/** By `seq`; an unsent message stands behind the one after which it was written. */
function inOrder(entries: Entry[]): Entry[] {
  const place = ({ seq, after }: Entry): number => seq ?? (after ?? 0) + 0.5
  return [...entries].sort((a, b) => place(a) - place(b))
}

/** Takes over what the service sent. A known `seq` or `client_id` replaces its entry, so nothing is shown twice. */
export function merge(entries: Entry[], messages: Message[]): Entry[] {
  const merged = [...entries]
  for (const message of messages) {
    const known = merged.findIndex(
      (entry) => entry.seq === message.seq || (!!message.client_id && entry.client_id === message.client_id),
    )
    const key = merged[known]?.key ?? message.client_id ?? `seq-${message.seq}`
    const entry: Entry = { ...message, key, delivery: 'sent' }
    if (known < 0) merged.push(entry)
    else merged[known] = entry
  }
  return inOrder(merged)
}

/** Appends the customer's own message, not yet accepted. */
export function append(entries: Entry[], draft: Draft, clientId: string, at: string): Entry[] {
  const after = latestSeq(entries)
  return inOrder([
    ...entries,
    { ...draft, key: clientId, client_id: clientId, seq: null, after, role: 'customer', at, delivery: 'sending' },
  ])
}

/** The service accepted a pending message; its echo may already stand in the list without a `client_id`. */
export function accept(entries: Entry[], clientId: string, { seq, at }: Accepted): Entry[] {
  const others = entries.filter((entry) => entry.seq !== seq || entry.client_id === clientId)
  return inOrder(
    others.map((entry) => (entry.client_id === clientId ? { ...entry, seq, at, delivery: 'sent' } : entry)),
  )
}

export function fail(entries: Entry[], clientId: string): Entry[] {
  return entries.map((entry) => (entry.key === clientId && !isAccepted(entry) ? { ...entry, delivery: 'failed' } : entry))
}

/** Sends a failed message again, now as the newest one. */
export function retry(entries: Entry[], clientId: string): Entry[] {
  const failed = entries.find((entry) => entry.key === clientId && entry.delivery === 'failed')
  if (!failed) return entries
  const others = entries.filter((entry) => entry !== failed)
  return inOrder([...others, { ...failed, delivery: 'sending', after: latestSeq(entries) }])
}

/** Without the accepted messages before `seq`. */
export function since(entries: Entry[], seq: number): Entry[] {
  return entries.filter((entry) => entry.seq === null || entry.seq >= seq)
}

export function unsent(entries: Entry[]): Entry[] {
  return entries.filter((entry) => !isAccepted(entry))
}

/** The next message to put on the wire, if any. */
export function nextToSend(entries: Entry[]): Entry | undefined {
  return entries.find((entry) => !isAccepted(entry) && entry.delivery === 'sending')
}

/** The highest accepted `seq`, 0 when there is none. */
export function latestSeq(entries: Entry[]): number {
  return entries.filter(isAccepted).reduce((latest, entry) => Math.max(latest, entry.seq), 0)
}

/** The lowest accepted `seq`. */
export function earliestSeq(entries: Entry[]): number | undefined {
  return entries.find(isAccepted)?.seq
}

/** How many answers the customer has not seen; own and system lines do not count. */
export function countUnread(entries: Entry[], seenSeq: number): number {
  return entries.filter((entry) => (entry.role === 'bot' || entry.role === 'agent') && (entry.seq ?? 0) > seenSeq).length
}

function offersTitle(entry: Entry, title: string): boolean {
  return [...(entry.buttons ?? []), ...(entry.cards ?? [])].some((option) => option.title === title)
}

/**
 * Which offers are used up: the key of each entry with buttons or cards, and the title that was chosen.
 * Read from the conversation itself, so it survives a reload and reaches the customer's other tabs.
 */
export function chosenTitles(entries: Entry[]): Map<string, string> {
  const chosen = new Map<string, string>()
  const offers: Entry[] = []
  for (const entry of entries) {
    if (entry.role !== 'customer') {
      if (entry.buttons?.length || entry.cards?.length) offers.unshift(entry) // newest first
      continue
    }
    const offer = offers.find((candidate) => offersTitle(candidate, entry.text))
    if (offer && !chosen.has(offer.key)) chosen.set(offer.key, entry.text)
  }
  return chosen
}
