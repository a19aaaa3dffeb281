import { computed, ref, shallowRef } from 'vue'
import { ApiError, type Api } from '../api'
import type { Account, SessionAnswer } from '../protocol'

/** `expired`: logged in until just now; the desk stays behind the login. */
export type SessionState = 'starting' | 'out' | 'in' | 'expired' | 'unreachable'

/** Who sits at this desk. */
export class Session {
  readonly state = ref<SessionState>('starting')
  readonly account = shallowRef<Account | null>(null)
  readonly shop = ref('')
  readonly decides = computed(() => ['supervisor', 'admin'].includes(this.account.value?.role ?? ''))
  readonly #api: Api

  constructor(api: Api) {
    this.#api = api
    api.onExpired = () => {
      this.expire()
    }
  }

  async start(): Promise<void> {
    this.state.value = 'starting'
    try {
      this.#enter(await this.#api.session())
    } catch (error) {
      this.state.value = error instanceof ApiError && error.status === 401 ? 'out' : 'unreachable'
    }
  }

  /** Throws ApiError: 401 wrong, 429 locked. */
  async login(email: string, password: string): Promise<void> {
    this.#enter(await this.#api.login(email, password))
  }

  /** Out on this device in any case, also when the service cannot be told. */
  async logout(): Promise<void> {
    await this.#api.logout().catch(() => undefined)
    this.#api.csrf = ''
    this.account.value = null
    this.state.value = 'out'
  }

  /** Asks whether the session still holds: a refused connection may have another cause. */
  async check(): Promise<void> {
    if (this.state.value !== 'in') return
    try {
      this.#enter(await this.#api.session())
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.expire()
    }
  }

  expire(): void {
    if (this.state.value === 'in') this.state.value = 'expired'
  }

  #enter({ account, csrf, shop }: SessionAnswer): void {
    this.#api.csrf = csrf
    this.shop.value = shop?.name ?? this.shop.value
    if (this.account.value?.id !== account.id) this.account.value = account
    this.state.value = 'in'
  }
}
