function lambda(input: string, callback: any) {
  callback(null, input);
}
