import { ApiError } from '../api'
import { texts } from '../texts'

type Known = Record<string, string>

/** What went wrong, in words that help. */
export function inWords(error: unknown): string {
  if (!(error instanceof ApiError)) return texts.errors.general
  return codeInWords(error.code) ?? (texts.errors.byStatus as Known)[String(error.status)] ?? texts.errors.general
}

export function codeInWords(code: string): string | undefined {
  return (texts.errors.byCode as Known)[code]
}
