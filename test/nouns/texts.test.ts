import { describe, expect, it } from 'vitest';
import { toDescribed, toUsername, toUserText } from '../../src/modules/audits/text.ts';

describe('a recorded text', () => {
  it.each([
    ['Carol(carol)', { name: 'Carol', inside: 'carol' }],
    ['website-1(https://website-1.corp.example)', { name: 'website-1', inside: 'https://website-1.corp.example' }],
    ['Ada (Ops)(ada)', { name: 'Ada (Ops)', inside: 'ada' }],
    ['odd(a(b)c)', { name: 'odd', inside: 'a(b)c' }],
    ['(alone)', { name: '', inside: 'alone' }],
    ['plain', undefined],
    ['shut)', undefined],
    ['', undefined],
  ])('%j is taken apart at its last parentheses', (text, want) => {
    expect(toDescribed(text)).toEqual(want);
  });

  it.each([
    ['Carol(carol)', 'carol'],
    ['carol', 'carol'],
    ['', ''],
  ])('%j names the user "%s"', (text, username) => {
    expect(toUsername(text)).toBe(username);
  });

  it('is made as logs write it', () => {
    expect(toUserText('Carol', 'carol')).toBe('Carol(carol)');
  });
});
