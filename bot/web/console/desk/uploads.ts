import { computed, reactive } from 'vue'
import type { Api } from '../api'
import type { Attachment } from '../protocol'
import { newClientId } from '../../widget/session/client-id'

const MIB = 1024 * 1024
export const ACCEPTED = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'video/mp4', 'application/pdf']
export const MOST = 9

export type UploadProblem = 'type' | 'size' | 'count' | 'busy' | 'failed'

export interface Upload {
  key: string
  file: File
  /** `blob:` address of a picture on this device. */
  preview: string | null
  state: 'uploading' | 'done' | 'failed'
  /** Percent. */
  progress: number
  attachment: Attachment | null
}

/** What speaks against a file before anything is sent, null when it may be uploaded. */
export function checkFile(file: Pick<File, 'type' | 'size'>): UploadProblem | null {
  if (!ACCEPTED.includes(file.type)) return 'type'
  return file.size > (file.type.startsWith('image/') ? 8 : 20) * MIB ? 'size' : null
}

function problemOf(status: number): UploadProblem {
  if (status === 413) return 'size'
  if (status === 429) return 'busy'
  return status === 400 || status === 415 ? 'type' : 'failed'
}

/** The files that wait above the input; they are uploaded at once and travel with the next line. */
export class Uploads {
  readonly state = reactive({ items: [] as Upload[], problem: null as UploadProblem | null })
  readonly ready = computed(() => this.state.items.every(({ state }) => state === 'done'))
  readonly #requests = new Map<string, XMLHttpRequest>()
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
  }

  add(files: Iterable<File>): void {
    this.state.problem = null
    for (const file of files) {
      const problem = this.state.items.length >= MOST ? 'count' : checkFile(file)
      if (problem) {
        this.state.problem = problem
        continue
      }
      const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null
      const key = newClientId()
      this.state.items.push({ key, file, preview, state: 'uploading', progress: 0, attachment: null })
      this.retry(key)
    }
  }

  retry(key: string): void {
    const item = this.state.items.find((other) => other.key === key)
    if (!item) return
    this.state.problem = null
    item.state = 'uploading'
    item.progress = 0
    this.#upload(item)
  }

  remove(key: string): void {
    this.#requests.get(key)?.abort()
    this.#requests.delete(key)
    const item = this.state.items.find((other) => other.key === key)
    if (item?.preview) URL.revokeObjectURL(item.preview)
    this.state.items = this.state.items.filter((other) => other.key !== key)
  }

  clear(): void {
    for (const { key } of [...this.state.items]) this.remove(key)
    this.state.problem = null
  }

  /** Empties the tray into a line. */
  take(): Attachment[] {
    const attachments = this.state.items.flatMap(({ attachment }) => (attachment ? [{ ...attachment }] : []))
    this.clear()
    return attachments
  }

  /** XMLHttpRequest, because fetch tells no upload progress. */
  #upload(item: Upload): void {
    const request = new XMLHttpRequest()
    this.#requests.set(item.key, request)
    const fail = (status: number): void => {
      item.state = 'failed'
      this.state.problem = problemOf(status)
      if (status === 401) this.#api.onExpired()
    }
    request.open('POST', `${this.#api.origin}/api/v1/uploads`)
    request.responseType = 'json'
    request.setRequestHeader('X-CSRF-Token', this.#api.csrf)
    request.upload.onprogress = ({ loaded, total }) => (item.progress = Math.floor((100 * loaded) / total))
    request.onerror = () => {
      fail(0)
    }
    request.onload = () => {
      const attachment = request.response as Attachment | null
      if (request.status !== 201 || !attachment) {
        fail(request.status)
        return
      }
      item.attachment = attachment
      item.state = 'done'
    }
    const body = new FormData()
    body.append('file', item.file)
    request.send(body)
  }
}
