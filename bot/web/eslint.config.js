import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

const HAN = '/[\\u3000-\\u303f\\u4e00-\\u9fff\\uff00-\\uffef]/'
const message = 'Chinese texts live in locales/zh-CN.json.'

export default ts.config(
  { ignores: ['dist/', 'node_modules/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.{ts,vue}'],
    languageOptions: { globals: globals.browser, parserOptions: { parser: ts.parser } },
    rules: {
      'no-undef': 'off', // TypeScript knows better
      'max-lines': ['error', 300],
      'no-restricted-syntax': [
        'error',
        { selector: `Literal[value=${HAN}]`, message },
        { selector: `TemplateElement[value.raw=${HAN}]`, message },
      ],
      'vue/no-restricted-syntax': [
        'error',
        { selector: `VText[value=${HAN}]`, message },
        { selector: `VLiteral[value=${HAN}]`, message },
      ],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      // Layout of templates is not worth an argument.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': ['error', { html: { void: 'always' } }],
    },
  },
)
