export { demo as texts } from '../locales/zh-CN.json'
export { fill } from '../locales/fill'
