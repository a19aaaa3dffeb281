import type {
  Approval,
  Colleague,
  Detail,
  DutyClock,
  MessagePage,
  Note,
  QuickReplyList,
  RowPage,
  SessionAnswer,
  Ticket,
  TicketDetails,
  Verdict,
  View,
} from './protocol'

/** Milliseconds until a request counts as failed. */
const PATIENCE = 15_000

/** The service said no, or could not be reached (`status` 0). `code` is for programs. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`${status} ${code}`)
  }
}

interface Verbose {
  error?: { code?: string }
}

/** The service's HTTP interface, as the console uses it. */
export class Api {
  csrf = ''
  /** Told when a request fails because nobody is logged in any more. */
  onExpired: () => void = () => undefined
  #visit = new AbortController()

  constructor(readonly origin = '') {}

  readonly login = (email: string, password: string) =>
    this.#ask<SessionAnswer>('POST', '/api/v1/session', { email, password }, false)
  readonly session = () => this.#ask<SessionAnswer>('GET', '/api/v1/session', undefined, false)
  /** What is still being asked is not answered any more: it would only be refused. */
  readonly logout = () => {
    this.#visit.abort()
    this.#visit = new AbortController()
    return this.#ask<unknown>('DELETE', '/api/v1/session', undefined, false)
  }

  readonly rows = (view: View, before?: string | null) =>
    this.#ask<RowPage>('GET', `/api/v1/desk/conversations?${query({ view, before })}`)
  readonly detail = (id: string) => this.#ask<Detail>('GET', path(id))
  readonly messages = (id: string, range: { before?: number; after?: number; limit?: number }) =>
    this.#ask<MessagePage>('GET', `${path(id)}/messages?${query(range)}`)
  readonly note = (id: string, text: string, client_id: string) =>
    this.#ask<Note>('POST', `${path(id)}/notes`, { text, client_id })

  readonly check = (conversation_id: string, text: string) =>
    this.#ask<{ verdicts: Verdict[] }>('POST', '/api/v1/check', { conversation_id, text })

  readonly accept = (id: string) => this.#ask<unknown>('POST', `${path(id)}/accept`, {})
  readonly decline = (id: string) => this.#ask<unknown>('POST', `${path(id)}/decline`, {})
  readonly giveBack = (id: string) => this.#ask<unknown>('POST', `${path(id)}/return`, {})
  readonly close = (id: string, reason: string) => this.#ask<unknown>('POST', `${path(id)}/close`, { reason })
  readonly transfer = (id: string, to: number | null, reason: string) =>
    this.#ask<unknown>('POST', `${path(id)}/transfer`, { to, ...(reason ? { reason } : {}) })
  readonly inviteSurvey = (id: string) => this.#ask<unknown>('POST', `${path(id)}/invite_survey`, {})

  readonly colleagues = () => this.#ask<{ items: Colleague[] }>('GET', '/api/v1/desk/colleagues')
  readonly quickReplies = () => this.#ask<QuickReplyList>('GET', '/api/v1/desk/quick-replies')
  readonly ticket = (id: string) => this.#ask<TicketDetails>('GET', `${ticketPath(id)}/`)
  readonly clocks = (ticket: string) => this.#ask<{ items: DutyClock[] }>('GET', `/api/v1/clocks?${query({ ticket })}`)
  readonly reopen = (id: string, reason: string) => this.#ask<TicketDetails>('POST', `${ticketPath(id)}/reopen`, { reason })
  readonly merge = (id: string, into: string) => this.#ask<TicketDetails>('POST', `${ticketPath(id)}/merge`, { into })
  readonly ticketNote = (id: string, text: string) => this.#ask<TicketDetails>('POST', `${ticketPath(id)}/notes`, { text })
  readonly answerInWriting = (id: string, text: string) => this.#ask<TicketDetails>('POST', `${ticketPath(id)}/reply`, { text })
  readonly report = (id: string, what: string, text: string) =>
    this.#ask<TicketDetails>('POST', `${ticketPath(id)}/milestones`, { what, ...(text ? { text } : {}) })
  readonly fillIn = (id: string, fields: Record<string, string>) =>
    this.#ask<TicketDetails>('POST', `${ticketPath(id)}/fields`, fields)
  readonly confirm = (id: string, solved: boolean, reason: string) =>
    this.#ask<TicketDetails>('POST', `${ticketPath(id)}/confirm`, { solved, ...(reason ? { reason } : {}) })
  readonly decideTicket = (id: string, verb: 'approve' | 'reject' | 'done', reason: string) =>
    this.#ask<Ticket>('POST', `${ticketPath(id)}/${verb}`, reason ? { reason } : {})
  readonly decideApproval = (id: string, decision: 'approve' | 'reject', amount: string | null, reason: string) =>
    this.#ask<Approval>('POST', `/api/v1/approvals/${encodeURIComponent(id)}/decide`, {
      decision,
      ...(amount === null ? {} : { amount }),
      ...(reason ? { reason } : {}),
    })

  async #ask<T>(method: string, target: string, body?: object, guarded = true): Promise<T> {
    const headers: Record<string, string> = body ? { 'Content-Type': 'application/json' } : {}
    if (method !== 'GET' && this.csrf) headers['X-CSRF-Token'] = this.csrf
    let response: Response
    try {
      response = await fetch(this.origin + target, {
        method,
        headers,
        credentials: 'same-origin',
        signal: AbortSignal.any([AbortSignal.timeout(PATIENCE), this.#visit.signal]),
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    } catch {
      throw new ApiError(0, 'unreachable')
    }
    const text = await response.text().catch(() => '')
    const answer = parsed(text)
    if (response.ok) return answer as T
    if (response.status === 401 && guarded) this.onExpired()
    throw new ApiError(response.status, (answer as Verbose | null)?.error?.code ?? 'unknown')
  }
}

const ticketPath = (id: string): string => `/api/v1/tickets/${encodeURIComponent(id)}`
const path = (id: string): string => `/api/v1/desk/conversations/${encodeURIComponent(id)}`

function query(values: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return null
  }
}
