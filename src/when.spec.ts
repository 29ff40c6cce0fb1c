import { when } from './when';

const NOW = new Date(2026, 10, 26, 22, 5).getTime();

function language(lab: string, browser: string): void {
  document.documentElement.lang = lab;
  jest.spyOn(navigator, 'language', 'get').mockReturnValue(browser);
}

beforeEach(() => void jest.useFakeTimers({ now: NOW }));
afterEach(() => {
  document.documentElement.lang = '';
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it.each([
  ['today', new Date(2026, 10, 26, 14, 2), '14:02'],
  ['yesterday', new Date(2026, 10, 25, 23, 59), '25.11.2026'],
  ['last year', new Date(2025, 10, 26), '26.11.2025']
])('tells the time of today, else the day: %s', (_, date, words) => {
  language('de', 'en-US');
  expect(when(date.getTime())).toBe(words);
});

describe('the language', () => {
  const DAY = new Date(2026, 10, 3).getTime();
  const spies = () => jest.spyOn(Date.prototype, 'toLocaleDateString');

  it.each([
    ['is Lab’s', 'fr-FR', 'de-DE', 'fr-FR'],
    ['is the browser’s kind of Lab’s', 'en', 'en-GB', undefined],
    ['is the browser’s where Lab says none', '', 'de', undefined]
  ])('%s', (_, lab, browser, locale) => {
    language(lab, browser);
    const spy = spies();
    when(DAY);
    expect(spy.mock.lastCall![0]).toBe(locale);
  });
});
