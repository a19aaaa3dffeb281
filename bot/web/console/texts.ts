export { default as texts } from '../locales/console.zh-CN.json'
export { fill } from '../locales/fill'
