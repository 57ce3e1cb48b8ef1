const i18next = require('i18next');

const lambda = async () => {
  const resources = { en: { translation: { hello: 'Hello {{name}}, {{- raw}}', item: '{{count}} item', item_plural: '{{count}} items', deep: { key: 'deep $t(hello, {"name": "x"})' }, friend_male: 'he', list: ['a', 'b'], money: '{{value, money}}' } }, ru: { translation: { item_0: '{{count}} штука', item_1: '{{count}} штуки', item_2: '{{count}} штук' } } };
  const i18n = i18next.createInstance();
  const t = await i18n.init({ lng: 'en', fallbackLng: 'en', resources, interpolation: { format: (value, format) => (format === 'money' ? `${value.toFixed(2)} EUR` : value) } });
  const english = [t('hello', { name: '<b>', raw: '<i>' }), t('item', { count: 1 }), t('item', { count: 5 }), t('deep.key'), t('friend', { context: 'male' }), t('none', 'default'), t('list', { returnObjects: true, joinArrays: '+' }), t('money', { value: 1.5 }), t(['none', 'hello'], { name: 'y' })];
  await i18n.changeLanguage('ru');
  return [english, [1, 2, 5, 21].map((count) => i18n.t('item', { count })), i18n.language, i18n.exists('hello'), i18n.dir('ar'), i18n.languages];
};
