const { IsArray, IsEmail, IsInt, IsOptional, Length, Max, Min, ValidateNested, getMetadataStorage, validate, validateSync, isEmail, registerDecorator } = require('class-validator');

class Address {}
class User {}
const decorate = (type, property, ...decorators) => decorators.forEach((decorator) => decorator(type.prototype, property));
decorate(Address, 'street', Length(3, 10));
decorate(User, 'age', IsInt(), Min(0), Max(150, { message: '$property is $value, at most $constraint1' }));
decorate(User, 'mail', IsEmail());
decorate(User, 'tags', IsOptional(), IsArray(), Length(1, 3, { each: true }));
decorate(User, 'address', ValidateNested());
decorate(User, 'even', (object, propertyName) => registerDecorator({ name: 'even', target: object.constructor, propertyName, validator: { validate: (value) => value % 2 === 0, defaultMessage: () => '$property is odd' } }));

const lambda = async () => {
  const told = (failures) => failures.map(({ property, constraints, children }) => [property, constraints, told(children || [])]);
  const good = Object.assign(new User(), { age: 5, mail: 'a@b.de', even: 2, address: Object.assign(new Address(), { street: 'long' }) });
  const bad = Object.assign(new User(), { age: 151.5, mail: 'no', tags: ['', 'toolong'], even: 3, address: Object.assign(new Address(), { street: 'x' }), extra: 1 });
  return [told(await validate(good)), told(await validate(bad)), told(validateSync(bad, { whitelist: true, forbidNonWhitelisted: true, skipMissingProperties: true })), isEmail('x@y.de'), getMetadataStorage().getTargetValidationMetadatas(Address, '').length];
};
