import { say } from 'test:words/case@1.0.0';

export const greet = {
  hello(name) {
    return `Hello, ${name}!`;
  },

  older(person, years) {
    return { ...person, age: person.age + years, tags: [...person.tags, 'older'] };
  },

  loud(name) {
    return say([{ text: 'Hello,', loud: false }, { text: `${name}!`, loud: true }]);
  },

  sum(numbers) {
    if (numbers.length === 0) throw 'nothing to add';
    return [...numbers].reduce((a, b) => a + b, 0n);
  },
};
