export function lambda(input, callback) {
  callback(null, helper());
}
export const helper = () => 1;
export default lambda;
export { helper as other };
