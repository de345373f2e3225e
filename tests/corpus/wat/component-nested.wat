;; Components nested four deep.
(component $a
  (component $b
    (component $c
      (component $d (type (list u8)))
      (instance (instantiate $d))
    )
    (instance (instantiate $c))
  )
  (instance (instantiate $b))
)
