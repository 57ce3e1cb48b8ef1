// questions: me@flow.example
function lambda(input, callback) {
  callback(null, );;
  const;
}
