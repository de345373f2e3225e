;; Instance types nested five deep, each taking a type from the outermost scope.
(component
  (type $t (tuple u8 u8))
  (type (instance
    (export "a" (instance
      (export "b" (instance
        (export "c" (instance
          (export "d" (instance
            (alias outer 5 0 (type $x))
            (export "f" (func (param "x" $x)))
          ))
        ))
      ))
    ))
  ))
)
